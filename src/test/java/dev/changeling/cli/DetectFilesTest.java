package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import dev.changeling.evaluation.WordSwaps;
import dev.changeling.inference.Detector;
import dev.changeling.inference.OddestPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code detect} with a generator, on a corpus, and on marked errors. */
class DetectFilesTest {
    @TempDir
    private Path folder;

    private String model = "";
    private Path generator;

    @BeforeEach
    void writeAModel() throws IOException {
        Path discriminator = TestExports.write(folder, 5);
        model = discriminator.toString();
        generator = discriminator.resolveSibling("generator");
    }

    private CommandRun detect(String... arguments) {
        return CommandRun.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("detect", "--model", model), List.of(arguments).stream())
                .toArray(String[]::new));
    }

    private static List<JsonNode> objects(CommandRun run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run.out().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }

    @Test
    void theGeneratorBesideTellsWhatIsExpected() {
        CommandRun run = detect("--threshold", "0", "--candidates", "2", "the old\nunlikely cat");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().skip(3))
                .hasSize(4)
                .allSatisfy(
                        line -> assertThat(line)
                                .matches(
                                        "  [12]:\\d+ +\\w+ [01]\\.\\d\\d  expected \\S+ \\(\\S+\\), \\S+ \\(\\S+\\); this itself \\(\\S+\\)"));
        assertThat(run.out().lines().skip(5).findFirst().orElseThrow()).startsWith("  2:1    unlikely ");
    }

    @Test
    void jsonHasWhatIsExpectedInPlaceOfSuspectedWords() {
        JsonNode all = objects(detect("--threshold", "0", "--json", "\uD83D\uDE00 the cat"))
                .get(0);
        assertThat(all.at("/words")).hasSize(3);
        assertThat(all.at("/words/0/original").isMissingNode()).isTrue();
        assertThat(all.at("/words/1/start").asInt()).isEqualTo(3);
        assertThat(all.at("/words/1/original").asDouble()).isBetween(0.0, 1.0);
        assertThat(all.at("/words/1/expected")).hasSize(3);
        assertThat(all.at("/words/1/expected/0/probability").asDouble()).isBetween(0.0, 1.0);
        assertThat(all.at("/tokens")).hasSize(3);

        JsonNode none = objects(detect("--threshold", "1", "--json", "the cat")).get(0);
        assertThat(none.at("/words/0").has("expected")).isFalse();
        JsonNode without = objects(detect("--threshold", "0", "--no-generator", "--json", "the cat"))
                .get(0);
        assertThat(without.at("/words/0").has("expected")).isFalse();
    }

    @Test
    void swappedWordsAreLookedForAmongTheOddestPlaces() throws IOException {
        String paragraph = "the old cat sat on a mat while the unlikely cat sat on the old mat\n\n";
        Path text = Files.writeString(folder.resolve("long.txt"), paragraph.repeat(150));
        JsonNode told = objects(detect("--corpus", text.toString(), "--swap", "10", "--json"))
                .get(0);
        assertThat(told.at("/words").asInt()).isEqualTo(150 * 16);
        assertThat(told.at("/places").asInt()).isEqualTo(150 * 16);
        assertThat(told.at("/swapped").asInt()).isBetween(60, 130);
        int before = 0;
        for (int first : List.of(20, 50, 100, 200)) {
            int count = told.at("/among_first_" + first).asInt();
            assertThat(count).isBetween(before, first);
            before = count;
        }
        assertThat(before).isEqualTo(foundAmongSwapped(paragraph.strip(), 150, 200));
        assertThat(objects(detect("--corpus", text.toString(), "--swap", "10", "--seed", "1", "--json"))
                        .get(0))
                .isEqualTo(told);
        CommandRun view = detect("--corpus", text.toString(), "--swap", "10");
        assertThat(view.out().lines().skip(1).findFirst().orElseThrow())
                .isEqualTo("of the oddest places   hold a swapped word   by chance");
        assertThat(view.out()).hasLineCount(6);

        Path little = Files.writeString(folder.resolve("little.txt"), paragraph);
        CommandRun none = detect("--corpus", little.toString(), "--swap", "10");
        assertThat(none.err()).contains("no word was swapped: the corpus has 16 words of letters");
        assertThat(none.code()).isEqualTo(ExitCode.FAILED);
        assertUsage("--swap: needs --corpus", "--swap", "10", "the cat");
        assertUsage("--threshold: goes without --swap", "--corpus", "a", "--swap", "10", "--threshold", ".3");
        assertUsage("--candidates: goes without --score", "--score", "a", "--candidates", "2");
        assertUsage("found 'abc', expected a whole number", "--corpus", "a", "--swap", "10", "--seed", "abc");
        assertUsage("--seed: needs --swap", "--seed", "10", "the cat");
    }

    /** Counts, by the words themselves, how many of the oddest places of swapped paragraphs are swapped ones. */
    private long foundAmongSwapped(String paragraph, int paragraphs, int most) throws IOException {
        WordSwaps swaps = new WordSwaps(10, 1);
        List<String> before = List.of(paragraph.split(" "));
        List<List<String>> after = new ArrayList<>();
        try (Detector detector = Detector.load(Path.of(model))) {
            OddestPlaces places = new OddestPlaces(detector, most, () -> {});
            for (int i = 0; i < paragraphs; i++) {
                String swapped = swaps.swap(paragraph).text();
                after.add(List.of(swapped.split(" ")));
                places.read("", i, swapped);
            }
            return places.places().stream()
                    .filter(place -> {
                        List<String> words = after.get(Math.toIntExact(place.line()));
                        int start = 0;
                        int word = 0;
                        while (start < place.word().start()) {
                            start += words.get(word++).length() + 1;
                        }
                        return !words.get(word).equals(before.get(word));
                    })
                    .count();
        }
    }

    @Test
    void aDiscriminatorIsNoGenerator() {
        CommandRun run = detect("--generator", model, "the cat");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("expected a generator").hasLineCount(1);
    }

    @Test
    void aGeneratorThatLiesBesideButIsNoneIsLeftAlone() throws IOException {
        Files.delete(generator.resolve("model.safetensors"));
        CommandRun run = detect("the cat");
        assertThat(run.code()).isZero();
        assertThat(run.err()).startsWith("no candidates: " + generator).hasLineCount(1);
    }

    @Test
    void aGeneratorWithAnotherVocabularyIsUsedOnlyIfItIsNamed() throws IOException {
        Path tokenizer = generator.resolve("tokenizer.json");
        Files.writeString(tokenizer, Files.readString(tokenizer).replace("\"mat\"", "\"bat\""));

        CommandRun left = detect("--threshold", "0", "the cat");
        assertThat(left.err())
                .contains("has another vocabulary; --generator uses it all the same")
                .hasLineCount(1);
        assertThat(left.out()).doesNotContain("expected ");

        CommandRun named =
                detect("--threshold", "0", "--candidates", "50", "--generator", generator.toString(), "the cat");
        assertThat(named.err()).isEmpty();
        assertThat(named.out()).contains(" bat (").doesNotContain(" mat (");
    }

    @Test
    void whatATerminalObeysIsNotPassedOn() {
        CommandRun run = detect("--threshold", "0", "the \u001b[31mcat\u0007");
        assertThat(run.out()).doesNotContain("\u001b", "\u0007").contains("\uFFFD");
    }

    @Test
    void aTextWithoutWordsHasNothingSuspected() {
        CommandRun run = detect("--threshold", "0", "", " ");
        assertThat(run.code()).isZero();
        assertThat(run.out()).hasLineCount(3);
    }

    @Test
    void theOddestPlacesOfACorpusAreShown() throws IOException {
        Path text = Files.writeString(folder.resolve("a.txt"), "\nthe old cat\nsat unlikely\n\na mat\n");
        Path rows = Files.writeString(folder.resolve("b.jsonl"), "{\"body\": \"the mat\\nsat on\"}\n");

        CommandRun run = detect("--corpus", text.toString(), rows.toString(), "--field", "body", "--top", "100");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(11 * 3);
        assertThat(run.out())
                .containsPattern(
                        "[01]\\.\\d{3}  \\Q" + text + "\\E:3:5\\n     the old cat sat \\[unlikely]\\n     expected ")
                .containsPattern("[01]\\.\\d{3}  \\Q" + rows + "\\E, row 1, offset 8\\n     the mat \\[sat] on\\n");
        assertThat(run.err()).startsWith("11 words of 3 documents");

        List<JsonNode> json = objects(detect("--corpus", rows.toString(), "--field", "body", "--top", "2", "--json"));
        assertThat(json).hasSize(2);
        assertThat(json.get(0).at("/source").asString()).isEqualTo(rows.toString());
        assertThat(json.get(0).at("/line").asInt()).isEqualTo(1);
        assertThat(json.get(0).at("/expected")).hasSize(3);
        String word = json.get(0).at("/text").asString();
        assertThat(json.get(0).at("/before").asString()
                        + word
                        + json.get(0).at("/after").asString())
                .isEqualTo("the mat\nsat on");
    }

    @Test
    void markedErrorsAreScored() throws IOException {
        Path one =
                Files.writeString(folder.resolve("one.txt"), "the <marker>cat</marker> sat\na <marker>mat</marker>\n");
        Path two = Files.writeString(folder.resolve("two.txt"), "<marker>unlikely</marker>\n");

        CommandRun run = detect("--score", one.toString(), two.toString());
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("\none ", "\nall ", "left out: 1 sentences");

        List<JsonNode> json = objects(detect("--score", one.toString(), two.toString(), "--json"));
        assertThat(json).hasSize(3);
        assertThat(json.get(2).at("/source").isNull()).isTrue();
        assertThat(json.get(2).at("/sentences").asInt()).isEqualTo(2);
        assertThat(json.get(2).at("/left_out").asInt()).isEqualTo(1);
        assertThat(json.get(0).at("/chance_hit_rate").asDouble()).isEqualTo((1 / 3.0 + .5) / 2);
        assertThat(json.get(1).at("/advantage_low").isNull()).isTrue();
    }

    @Test
    void aLineWithoutAMarkIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("errors.txt"), "the <marker>cat</marker> sat\nthe cat\n");
        CommandRun run = detect("--score", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .isEqualTo("changeling: " + file + ", line 2: found no mark, expected one <marker>error</marker>"
                        + System.lineSeparator());
    }

    @Test
    void oneSourceIsReadAtATime() {
        assertUsage("TEXT, --corpus, --score: expected one of them", "--corpus", "a", "--score", "b");
        assertUsage("--top: needs --corpus", "--top", "3", "text");
        assertUsage("--threshold: found 2.0, expected a probability from 0 to 1", "--threshold", "2", "text");
        assertUsage("--tokens: is for TEXT and standard input", "--tokens", "--score", "b");
        assertUsage("--corpus", "--field", "body", "text");
        assertUsage("mutually exclusive", "--generator", "a", "--no-generator", "text");
        assertUsage("--score", "--data", "shards", "text");
    }

    private void assertUsage(String message, String... arguments) {
        CommandRun run = detect(arguments);
        assertThat(run.err()).contains(message);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
    }
}
