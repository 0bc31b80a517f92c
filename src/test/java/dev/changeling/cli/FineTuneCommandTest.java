package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code finetune}, and {@code predict} on what it has made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FineTuneCommandTest {
    private static final String START = "finetune --model @export/discriminator --epochs 1 --batch-size 4 --task ";

    private Path folder = Path.of("");

    @BeforeAll
    void write(@TempDir Path temporary) throws IOException {
        folder = temporary;
        TestExports.write(folder, 5);
        file("cats.tsv", "text\tother\tlabel\n", "the cat\ta mat\tyes\n", "the mat\ton\tno\n", 6);
        file("cats.csv", "sentence,label\n", "\"the cat, sat\",yes\n", "the mat,no\n", 6);
        file(
                "topics.jsonl",
                "",
                "{\"text\": \"a cat\", \"label\": \"x|y\"}\n",
                "{\"text\": \"on\", \"label\": \"\"}\n",
                6);
        file("sizes.tsv", "text\tlabel\n", "the cat\t2\n", "the old cat sat\t4.5\n", 6);
        file("tags.conll", "", "the O\nold B-x\ncat I-x\n\n", "sat X B-x\n\n".replace("X ", ""), 6);
        file("words.conll", "", "the DET\ncat NOUN\n\n", "sat VERB\n\n", 6);
        Files.writeString(folder.resolve("squad.json"), """
                {"version": "2", "data": [{"title": "t", "paragraphs": [{"context": "the old cat sat on a mat.", "qas": [
                  {"id": "1", "question": "who sat?", "answers": [{"text": "old cat", "answer_start": 4}]},
                  {"id": "2", "question": "where?", "answers": [{"text": "a mat", "answer_start": 19}]},
                  {"id": "3", "question": "why?", "answers": [], "is_impossible": true}]}]}]}
                """);
        Files.writeString(folder.resolve("unlabelled.tsv"), "text\nthe cat\n");
        Files.writeString(folder.resolve("maybe.tsv"), "text\tlabel\nthe cat\tyes\nthe mat\tmaybe\n");
        file("pairs.tsv", "text\tother\tlabel\n", "the cat\ta mat\t1\n", "the mat\ton\t2\n", 6);
        Files.writeString(folder.resolve("huge.tsv"), "text\tlabel\nthe cat\t3e38\nthe mat\t1e39\n");
        Files.writeString(folder.resolve("one.tsv"), "text\tlabel\nthe cat\tyes\n");
    }

    private void file(String name, String header, String first, String second, int times) throws IOException {
        Files.writeString(folder.resolve(name), header + (first + second).repeat(times));
    }

    private CommandRun run(String call) {
        return CommandRun.in(folder, call);
    }

    private CommandRun done(String call) {
        CommandRun run = run(call);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    /** Scores a network again on what it was scored on, and expects the same. */
    private void assertScoresAlike(String name, String examples) throws IOException {
        JsonNode before = JsonMapper.shared().readTree(Files.readString(folder.resolve(name + "/results.json")));
        JsonNode again = JsonMapper.shared()
                .readTree(done("predict --json --model @" + name + "/model --score " + examples)
                        .out());
        assertThat(again.path("task")).isEqualTo(before.path("task"));
        assertThat(again.path("examples")).isEqualTo(before.path("dev_examples"));
        assertThat(again.path("scores").propertyNames())
                .containsExactlyElementsOf(before.path("scores").propertyNames())
                .isNotEmpty()
                .allSatisfy(measure -> assertThat(again.at("/scores/" + measure).doubleValue())
                        .as(measure)
                        .isCloseTo(before.at("/scores/" + measure + "/median").doubleValue(), within(1e-5)));
    }

    private List<JsonNode> predictions(String call) {
        CommandRun run = done("predict --json --model " + call);
        assertThat(run.err()).isEmpty();
        return run.out().lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void severalSeedsAreShownAsTheirMedian() throws IOException {
        CommandRun run =
                done(START + "classification --train @cats.tsv --dev @cats.tsv --seeds 3 --balanced --out @classes");
        assertThat(run.out().lines().findFirst().orElseThrow()).matches(" +median +least +most +std dev +over 3 seeds");
        assertThat(run.out())
                .containsPattern("accuracy +[01]\\.\\d{4} +[01]\\.\\d{4} +[01]\\.\\d{4} +[01]\\.\\d{4}\n")
                .containsPattern("\nThe network of seed [123], the best by accuracy, is in \\S+classes.model\n")
                .contains("Next: changeling predict --model " + folder.resolve("classes/model"));
        assertThat(run.err()).contains("12 examples to learn from, 12 to score on; 3 steps for each of 3 seeds");
        assertThat(folder.resolve("classes/confusion.tsv")).isNotEmptyFile();
        assertThat(done("predict --model @classes/model --score @cats.tsv").out())
                .matches("(?s)accuracy +[01]\\.\\d{4}\nmacro_f1 .*\non 12 examples\n");

        List<JsonNode> rows = predictions("@classes/model --input @cats.tsv --text-columns text,other");
        assertThat(rows).hasSize(12);
        assertThat(rows.get(0).path("second").stringValue()).isEqualTo("a mat");
        assertThat(rows.get(0).path("label").stringValue()).isIn("yes", "no");
        assertThat(rows.get(0).path("probability").doubleValue()).isBetween(0.5, 1.0);
        assertThat(rows.get(0).at("/probabilities/yes").doubleValue()
                        + rows.get(0).at("/probabilities/no").doubleValue())
                .isBetween(0.999, 1.001);
        assertThat(done("predict --model @classes/model cat mat").out().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("(yes|no) [01]\\.\\d\\d  (cat|mat)"));
    }

    @Test
    void toScoreOnWhatWasLearntIsWarnedOf() throws IOException {
        assertThat(done(START + "classification --train @cats.tsv --dev @export/../cats.tsv --out @flattered")
                        .err())
                .contains("warning: --dev is the file that is learnt from; scores on what was learnt flatter\n");
        Files.copy(folder.resolve("cats.tsv"), folder.resolve("others.tsv"));
        assertThat(done(START + "classification --train @cats.tsv --dev @others.tsv --out @honest")
                        .err())
                .doesNotContain("warning");
    }

    @Test
    void whatComesNextCanBePastedIntoAShell() {
        Path out = folder.resolve("it's a b");
        CommandRun run = CommandRun.of(
                "finetune",
                "--model",
                folder.resolve("export/discriminator").toString(),
                "--task",
                "classification",
                "--train",
                folder.resolve("cats.tsv").toString(),
                "--epochs",
                "1",
                "--out",
                out.toString());
        assertThat(run.out()).contains("Next: changeling predict --model '" + folder + "/it'\\''s a b/model' …");
    }

    @Test
    void oneSeedIsShownPlainly() throws IOException {
        CommandRun run = done(START
                + "classification --train @cats.csv --text-columns sentence --early-stopping 1 --dev @cats.csv"
                + " --out @plain");
        assertThat(run.out()).startsWith("accuracy ").contains("\nThe network is in ");
        assertThat(run.err()).containsPattern("seed 1, epoch 1: accuracy [01]\\.\\d{4}");
        assertScoresAlike("plain", "@cats.csv --text-columns sentence");
    }

    @Test
    void programsGetOneObject() throws IOException {
        CommandRun run = done(START
                + "classification --train @cats.tsv --dev @cats.tsv --metric matthews --seeds 2 --json --out @json");
        JsonNode json = JsonMapper.shared().readTree(run.out());
        assertThat(run.out()).hasLineCount(1);
        assertThat(json.path("metric").stringValue()).isEqualTo("matthews");
        assertThat(json.path("seeds")).hasSize(2);
        assertThat(json.at("/scores/accuracy/median").isNumber()).isTrue();
        assertThat(json.at("/scores/matthews/standard_deviation").isNumber()).isTrue();
        assertThat(JsonMapper.shared().readTree(Files.readString(folder.resolve("json/results.json"))))
                .isEqualTo(json);
    }

    @Test
    void severalLabels() throws IOException {
        assertThat(done(START + "multi-label --train @topics.jsonl --dev @topics.jsonl --out @topics")
                        .out())
                .startsWith("micro_f1 ");
        assertThat(folder.resolve("topics/results.json")).content().contains("\"task\" : \"multi-label\"");
        assertScoresAlike("topics", "@topics.jsonl");
        List<JsonNode> rows = predictions("@topics/model --input @topics.jsonl");
        assertThat(rows).hasSize(12);
        assertThat(rows.get(0).path("labels").isArray()).isTrue();
        assertThat(rows.get(0).path("probabilities").propertyNames()).containsExactlyInAnyOrder("x", "y");
        assertThat(done("predict --model @topics/model cat").out()).matches("(\\(none\\)|x|y|x, y|y, x)  cat\n");
    }

    @Test
    void numbers() throws IOException {
        assertThat(done(START + "regression --train @sizes.tsv --dev @sizes.tsv --out @sizes")
                        .out())
                .startsWith("spearman ")
                .contains("\nroot_mean_squared_error ");
        assertScoresAlike("sizes", "@sizes.tsv");
        assertThat(predictions("@sizes/model --input @sizes.tsv")
                        .get(11)
                        .path("value")
                        .isNumber())
                .isTrue();
        assertThat(done("predict --model @sizes/model cat").out()).matches(" *-?\\d+\\.\\d{4}  cat\n");
    }

    @Test
    void tags() throws IOException {
        assertThat(done(START + "tagging --train @tags.conll --dev @tags.conll --out @tags")
                        .out())
                .startsWith("span_f1 ");
        assertScoresAlike("tags", "@tags.conll");
        List<JsonNode> rows = predictions("@tags/model --input @tags.conll");
        assertThat(rows).hasSize(12);
        assertThat(rows.get(0).path("words")).extracting(JsonNode::stringValue).containsExactly("the", "old", "cat");
        assertThat(rows.get(0).path("tags")).hasSize(3);
        assertThat(done("predict --model @tags/model old,cat").out())
                .matches("old\t(O|[BI]-x)\n,\t(O|[BI]-x)\ncat\t(O|[BI]-x)\n\n");
    }

    @Test
    void tagsThatMakeNoSpans() throws IOException {
        assertThat(done(START + "tagging --plain-tags --train @words.conll --dev @words.conll --out @words")
                        .out())
                .startsWith("accuracy ");
        assertScoresAlike("words", "@words.conll --plain-tags");
    }

    @Test
    void answers() throws IOException {
        assertThat(done(START + "answers --train @squad.json --dev @squad.json --out @answers")
                        .out())
                .startsWith("f1 ")
                .contains("\nimpossible_accuracy ", "\nbest_f1 ", "\nbest with --none-threshold ");
        assertScoresAlike("answers", "@squad.json");
        List<JsonNode> rows = predictions("@answers/model --input @squad.json");
        assertThat(rows).hasSize(3);
        assertThat(rows.get(1).path("id").stringValue()).isEqualTo("2");
        String answer = rows.get(1).path("answer").stringValue();
        int start = rows.get(1).path("start").intValue();
        assertThat("the old cat sat on a mat.".substring(start)).startsWith(answer);
        assertThat(rows.get(1).path("end").intValue()).isEqualTo(start + answer.length());
        assertThat(done("predict --model @answers/model --question who cat").out())
                .matches(" *[-+]\\d+\\.\\d\\d  (cat|\\(no answer\\))\n");
        assertThat(done("predict --model @answers/model --none-threshold -1e9 --question who cat")
                        .out())
                .endsWith("(no answer)\n");
        assertThat(done("predict --model @answers/model --none-threshold 1e9 --question who cat")
                        .out())
                .endsWith("  cat\n");
        JsonNode scored = JsonMapper.shared()
                .readTree(done("predict --model @answers/model --json --score @squad.json")
                        .out());
        JsonNode results = JsonMapper.shared().readTree(Files.readString(folder.resolve("answers/results.json")));
        assertThat(scored.at("/best_settings/none_threshold").doubleValue())
                .isCloseTo(results.at("/best_settings/none_threshold").doubleValue(), within(1e-4));
        assertThat(results.at("/scores").has("none_threshold")).isFalse();
        assertThat(scored.path("none_threshold").doubleValue()).isZero();
        assertThat(folder.resolve("answers/model/README.md"))
                .content()
                .contains("best none_threshold, of this network");
        assertRefused(
                run("predict --model @answers/model cat"),
                ExitCode.USAGE,
                "answers/model finds answers; expected --question, or --input with questions");
    }

    @Test
    void aThresholdThatWasChosenElsewhereIsScoredWith() throws IOException {
        done(START + "answers --train @squad.json --dev @squad.json --out @threshold");
        JsonNode never = scored("threshold", "--none-threshold 1e9");
        assertThat(never.at("/scores/impossible_accuracy").doubleValue()).isZero();
        assertThat(never.path("none_threshold").doubleValue()).isEqualTo(1e9);
        JsonNode always = scored("threshold", "--none-threshold -1e9");
        assertThat(always.at("/scores/impossible_accuracy").doubleValue()).isEqualTo(1);
        assertThat(always.at("/scores/answerable_f1").doubleValue()).isZero();
        assertThat(always.at("/scores/f1").doubleValue()).isEqualTo(1.0 / 3);
        assertThat(always.at("/scores/exact_match").doubleValue()).isEqualTo(1.0 / 3);
        assertThat(always.at("/scores/best_f1")).isEqualTo(never.at("/scores/best_f1"));
        assertThat(always.path("best_settings")).isEqualTo(never.path("best_settings"));
        JsonNode best = scored(
                "threshold",
                "--none-threshold " + never.at("/best_settings/none_threshold").doubleValue());
        assertThat(best.at("/scores/f1")).isEqualTo(never.at("/scores/best_f1"));
        assertThat(done("predict --model @threshold/model --score @squad.json --none-threshold -1e9")
                        .out())
                .startsWith("f1                         0.3333\n")
                .containsPattern("\nbest_f1 .*\nbest with --none-threshold \\S+, chosen on the scored examples\n")
                .endsWith("\non 3 examples, with --none-threshold -1000000000.0000\n");
    }

    private JsonNode scored(String name, String options) {
        return JsonMapper.shared()
                .readTree(done("predict --model @" + name + "/model --json --score @squad.json " + options)
                        .out());
    }

    @Test
    void vectors() throws IOException {
        CommandRun run =
                done(START + "embedding --train @cats.tsv --dev @cats.tsv --text-columns text,other --out @vectors");
        assertThat(run.out()).startsWith("mean_reciprocal_rank ").contains("Next: changeling embed --model ");
        assertThat(folder.resolve("vectors/model/modules.json")).isNotEmptyFile();
        assertScoresAlike("vectors", "@cats.tsv --text-columns text,other");
        assertRefused(
                run("predict --model @vectors/model --score @cats.tsv"),
                ExitCode.USAGE,
                "one text column; expected two: vectors are scored by pairs of texts");
        assertRefused(run("predict --model @vectors/model cat"), ExitCode.USAGE, "a network that makes vectors");
    }

    private static void assertRefused(CommandRun run, int code, String message) {
        assertThat(run.err()).contains(message).hasLineCount(code == ExitCode.USAGE ? 2 : 1);
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "classification --train @cats.tsv --metric span_f1           | 2 | --metric span_f1: decides nothing",
                "classification --train @cats.tsv --text-columns body        | 1 | cats.tsv: no column \"body\" in its header",
                "classification --train @cats.tsv --text-columns a,b,c       | 2 | 3 text columns; expected one, or two",
                "classification --train @cats.tsv --dev @unlabelled.tsv      | 1 | unlabelled.tsv: no column \"label\" in its header",
                "classification --train @cats.tsv --dev @maybe.tsv           | 1 | maybe.tsv, line 3: label \"maybe\" is not known",
                "classification --train @one.tsv --dev @one.tsv              | 1 | only one label, \"yes\"",
                "classification --train @one.tsv                             | 1 | one.tsv: 1 examples are too few",
                "classification --train @absent.tsv                          | 1 | absent.tsv: can't be read: no such file",
                "classification --train @squad.json                          | 1 | ends in none of .tsv, .csv, .jsonl",
                "regression --train @cats.tsv                                | 1 | cats.tsv, line 2: label \"yes\"; expected a number",
                "tagging --train @words.conll                                | 1 | words.conll, line 1: tag \"DET\"; expected O, B-TYPE",
                "tagging --train @tags.conll --tag-column -7                 | 2 | --tag-column -7: expected a column from 0",
                "answers --train @cats.tsv                                   | 1 | cats.tsv",
                "embedding --train @cats.tsv --temperature 0                 | 2 | found 0.0, expected above 0, at most 100",
                "embedding --train @cats.tsv --text-columns text,label --label-column other | 1 | cats.tsv, line 2: label \"a mat\"; expected a number",
                "embedding --train @cats.tsv --dropout 0                     | 2 | --dropout 0: a text without a partner",
                "embedding --train @cats.tsv --label-column other            | 2 | a label says how alike two texts are; expected two text columns",
                "classification --train @cats.tsv --length 7                 | 2 | '--length': found 7, expected 8 or more",
                "classification --train @cats.tsv --learning-rate 0          | 2 | '--learning-rate': found 0.0, expected a number above 0",
                "classification --train @cats.tsv --layer-decay 1.5          | 2 | '--layer-decay': found 1.5, expected above 0",
                "classification --train @cats.tsv --dropout NaN              | 2 | '--dropout': found NaN, expected from 0",
                "classification --train @cats.tsv --epochs 0                 | 2 | --epochs",
                "regression --train @sizes.tsv --dev @huge.tsv               | 1 | huge.tsv, line 3: label \"1e39\"; expected a number that a 32-bit float holds",
                "classification --train @cats.tsv --temperature 3            | 2 | --temperature: is for embedding, not for classification",
                "classification --train @cats.tsv --pooling cls              | 2 | --pooling: is for embedding, not for classification",
                "classification --train @cats.tsv --tag-column 3             | 2 | --tag-column: is for tagging, not for classification",
                "classification --train @cats.tsv --plain-tags               | 2 | --plain-tags: is for tagging, not for classification",
                "classification --train @cats.tsv --label-separator ;        | 2 | --label-separator: is for multi-label, not for classification",
                "regression --train @sizes.tsv --balanced                    | 2 | --balanced: is for classification, not for regression",
                "tagging --train @tags.conll --text-columns text             | 2 | --text-columns: is for classification, multi-label, regression, embedding, not for tagging",
                "answers --train @squad.json --label-column label            | 2 | --label-column: is for classification, multi-label, regression, embedding, not for answers",
                "embedding --train @pairs.tsv --text-columns text,other --label-column label --temperature 3 | 2 | --temperature: is for embedding without --label-column",
                "classifcation --train @cats.tsv                             | 2 | found 'classifcation', expected one of classification, multi-label"
            })
    void whatIsWrongIsSaidBeforeTheTraining(String call, int code, String message) throws IOException {
        assertRefused(run(START + call + " --out @refused"), code, message);
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()))
                    .noneMatch(name -> name.contains("refused"));
        }
    }

    @Test
    void aPlaceThatCanNotBeUsedIsRefusedFirst() {
        String call = START + "classification --train @absent.tsv --out ";
        assertRefused(run(call + "@export"), ExitCode.FAILED, "export: is there already; expected the name of a new");
        assertRefused(run(call + "@cats.tsv"), ExitCode.FAILED, "cats.tsv: is there already");
        assertRefused(run(call + "@cats.tsv/out"), ExitCode.FAILED, "can't be written");
    }

    @Test
    void aFolderThatIsNoNetworkIsRefused() {
        String call = "finetune --task classification --train @cats.tsv --out @refused --model ";
        assertRefused(run(call + "@nothing"), ExitCode.FAILED, "nothing");
        assertRefused(run(call + "@tokenizer"), ExitCode.FAILED, "config.json: no such file");
        assertThat(folder.resolve("refused")).doesNotExist();
    }
}
