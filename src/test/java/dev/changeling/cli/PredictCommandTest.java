package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import dev.changeling.hub.TaskFolders;
import dev.changeling.hub.TaskKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        TaskFolders.write(folder, TaskKind.CLASSIFICATION, "no", "yes");
        Files.writeString(folder.resolve("texts.tsv"), "text\tother\nthe cat\tmat\nthe mat\ton\n");
    }

    private CommandRun run(String call) {
        return CommandRun.in(folder, "predict --model @CLASSIFICATION " + call);
    }

    private static void assertRefused(CommandRun run, int code, String message) {
        assertThat(run.err()).contains(message).hasLineCount(code == ExitCode.USAGE ? 2 : 1);
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void eachLineOfStandardInputIsAText() {
        InputStream before = System.in;
        CommandRun run;
        try {
            System.setIn(new ByteArrayInputStream("the cat\n\nsat on\n".getBytes(StandardCharsets.UTF_8)));
            run = run("");
        } finally {
            System.setIn(before);
        }
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("(yes|no) [01]\\.\\d\\d  the cat"),
                        line -> assertThat(line).matches("(yes|no) [01]\\.\\d\\d  sat on"));
    }

    @Test
    void aLineIsAnsweredBeforeTheNextHasCome() throws Exception {
        InputStream before = System.in;
        PipedOutputStream typed = new PipedOutputStream();
        StringWriter answers = new StringWriter();
        Thread reading = new Thread(() -> Changeling.execute(
                new PrintWriter(answers),
                new PrintWriter(new StringWriter()),
                "predict",
                "--model",
                folder.resolve("CLASSIFICATION").toString()));
        try (PipedInputStream in = new PipedInputStream(typed)) {
            System.setIn(in);
            reading.start();
            typed.write("the cat\r\n".getBytes(StandardCharsets.UTF_8));
            typed.flush();
            long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
            while (answers.getBuffer().indexOf("  the cat\n") < 0 && System.nanoTime() < patience) {
                Thread.sleep(20);
            }
            assertThat(answers.toString()).matches("(yes|no) [01]\\.\\d\\d  the cat\n");
            typed.write("sat".getBytes(StandardCharsets.UTF_8));
            typed.close();
            reading.join();
            assertThat(answers.toString()).contains("  sat\n").hasLineCount(2);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aLineThatIsMostlyNoTextEndsNothing() {
        InputStream before = System.in;
        CommandRun run;
        try {
            System.setIn(new ByteArrayInputStream(new byte[] {
                (byte) 0xEF,
                (byte) 0xBB,
                (byte) 0xBF,
                'c',
                (byte) 0xE9,
                (byte) 0xE9,
                '\n',
                (byte) 0xEF,
                (byte) 0xBF,
                (byte) 0xBD
            }));
            run = run("");
        } finally {
            System.setIn(before);
        }
        assertThat(run.err()).isEqualTo("invalid UTF-8: 2 sequences were replaced\n");
        assertThat(run.out()).contains("  c\uFFFD\uFFFD\n", "  \uFFFD\n").hasLineCount(2);
    }

    @Test
    void bytesThatAreNoTextAreReplacedAndCounted() {
        InputStream before = System.in;
        CommandRun run;
        try {
            System.setIn(new ByteArrayInputStream(new byte[] {'c', 'a', (byte) 0xFF, 't', ' ', 'o', 'n', '\n', 'c'}));
            run = run("");
        } finally {
            System.setIn(before);
        }
        assertThat(run.err()).isEqualTo("invalid UTF-8: 1 sequence was replaced\n");
        assertThat(run.out()).contains("  ca\uFFFDt on").hasLineCount(2);
    }

    @Test
    void aTextWithoutWordsHasARowOfItsOwn() throws IOException {
        TaskFolders.write(folder, TaskKind.TAGGING, "B-x", "O");
        CommandRun run = CommandRun.of(
                "predict", "--json", "--model", folder.resolve("TAGGING").toString(), "the cat", " ", "mat");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("{\"text\":\"the cat\",\"words\":[\"the\",\"cat\"],")
                                .contains("\"offsets\":[[0,3],[4,7]],\"spans\":["),
                        line -> assertThat(line)
                                .isEqualTo("{\"text\":\" \",\"words\":[],\"tags\":[],\"probabilities\":[],"
                                        + "\"offsets\":[],\"spans\":[]}"),
                        line -> assertThat(line).startsWith("{\"text\":\"mat\",\"words\":[\"mat\"],"));
    }

    @Test
    void aFileIsWrittenAsAWhole() throws IOException {
        CommandRun run = run("--input @texts.tsv --text-columns text,other --out @new/found.txt");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(Files.readString(folder.resolve("new/found.txt")))
                .matches("(yes|no) [01]\\.\\d\\d  the cat \\| mat\n(yes|no) [01]\\.\\d\\d  the mat \\| on\n");
        assertThat(entries(folder.resolve("new"))).containsExactly("found.txt");
    }

    @Test
    void aFileThatFailsLeavesWhatWasThere() throws IOException {
        Path kept = Files.writeString(folder.resolve("kept.txt"), "mine");
        Files.writeString(folder.resolve("bad.tsv"), "text\nthe cat\nthe\tmat\n");
        String[] before = entries(folder);
        assertRefused(run("--input @bad.tsv --out @kept.txt"), ExitCode.FAILED, "bad.tsv, line 3: ");
        assertThat(kept).hasContent("mine");
        assertThat(entries(folder)).isEqualTo(before);
    }

    private static String[] entries(Path of) throws IOException {
        try (Stream<Path> entries = Files.list(of)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toArray(String[]::new);
        }
    }

    @Test
    void whatIsReadIsNotWrittenOver() throws IOException {
        assertRefused(
                run("--input @texts.tsv --out @texts.tsv"),
                ExitCode.FAILED,
                "texts.tsv: is what is read; expected another file");
        assertThat(folder.resolve("texts.tsv")).content().startsWith("text\tother\n");
    }

    @Test
    void aPlaceThatCanNotBeWrittenIsRefused() {
        assertRefused(run("--out @CLASSIFICATION cat"), ExitCode.FAILED, "CLASSIFICATION: a folder; expected the name");
        assertRefused(run("--out @texts.tsv/found cat"), ExitCode.FAILED, "texts.tsv is a file; expected a folder");
    }

    @Test
    void aCallThatIsWrongIsRefused() {
        assertRefused(run("--input @texts.tsv cat"), ExitCode.USAGE, "--input, --score, TEXT: expected one of them");
        assertRefused(run("--score @texts.tsv --input @texts.tsv"), ExitCode.USAGE, "expected one of them");
        assertRefused(run("--score @texts.tsv --question who"), ExitCode.USAGE, "the file to score has questions");
        assertRefused(run("--none-threshold 1 cat"), ExitCode.USAGE, "--none-threshold: ");
        assertRefused(run("--none-threshold NaN cat"), ExitCode.USAGE, "expected a number");
        assertRefused(
                CommandRun.of("predict", "--model", "m", "--question", " ", "cat"),
                ExitCode.USAGE,
                "--question: is blank");
        assertRefused(run("--question who --input @texts.tsv"), ExitCode.USAGE, "--question: the file has questions");
        assertRefused(run("--question who cat"), ExitCode.USAGE, "is for classification, not for answers");
    }

    @Test
    void aFileThatIsWrongIsRefused() {
        assertRefused(run("--input @absent.tsv"), ExitCode.FAILED, "absent.tsv: can't be read: no such file");
        assertRefused(
                run("--input @texts.tsv --text-columns body"),
                ExitCode.FAILED,
                "texts.tsv: no column \"body\" in its header");
        assertRefused(
                run("--input @CLASSIFICATION/config.json"), ExitCode.FAILED, "config.json: its name ends in none");
    }

    @Test
    void examplesThatCanNotBeScoredAreRefused() throws IOException {
        assertRefused(run("--score @texts.tsv"), ExitCode.FAILED, "texts.tsv: no column \"label\" in its header");
        assertRefused(
                run("--score @texts.tsv --label-column other"),
                ExitCode.FAILED,
                "texts.tsv, line 2: label \"mat\" is not known; expected one of no, yes");
        Files.writeString(folder.resolve("empty.tsv"), "text\tlabel\n");
        assertRefused(run("--score @empty.tsv"), ExitCode.FAILED, "empty.tsv: ");
        assertRefused(run("--score @texts.tsv --out @texts.tsv"), ExitCode.FAILED, "texts.tsv: is what is read");
    }

    @Test
    void scoresAreWrittenAsAWhole() throws IOException {
        Files.writeString(folder.resolve("gold.tsv"), "text\tlabel\nthe cat\tyes\n");
        CommandRun run = run("--score @gold.tsv --out @scores.txt");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEmpty();
        assertThat(Files.readString(folder.resolve("scores.txt")))
                .matches("(?s)accuracy +[01]\\.0000\n.*on 1 example\n");
    }

    @Test
    void aThresholdIsForNetworksThatKnowOfIt() throws IOException {
        Files.writeString(folder.resolve("gold.tsv"), "text\tlabel\nthe cat\tyes\n");
        assertRefused(
                run("--score @gold.tsv --none-threshold 1"),
                ExitCode.USAGE,
                "--none-threshold: " + folder.resolve("CLASSIFICATION") + " is for classification, not for answers");
        Path config = TaskFolders.write(folder, TaskKind.ANSWERS).resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceAll("(\"answer_may_be_none\" *: *)true", "$1false"));
        Files.writeString(folder.resolve("squad.json"), """
                {"data": [{"paragraphs": [{"context": "the old cat", "qas": [
                  {"id": "1", "question": "who?", "answers": [{"text": "cat", "answer_start": 8}]}]}]}]}
                """);
        String call = "predict --model @ANSWERS --score @squad.json";
        assertRefused(
                CommandRun.in(folder, call + " --none-threshold 1"),
                ExitCode.USAGE,
                "--none-threshold: " + folder.resolve("ANSWERS") + " has not learnt that there may be no answer");
        assertThat(CommandRun.in(folder, call).out()).endsWith("\non 1 example\n");
    }

    @Test
    void aTagThatIsOfNoSchemeMarksNoSpan() throws IOException {
        TaskFolders.write(folder, TaskKind.TAGGING, "O", "X", "B-PER");
        Files.writeString(folder.resolve("gold.conll"), "the O\nold B-PER\ncat B-PER\nsat O\non O\nmat O\n");
        CommandRun said = CommandRun.in(folder, "predict --model @TAGGING --input @gold.conll");
        assertThat(said.out()).as("the test is of such tags").containsPattern("\tX\n");
        CommandRun run = CommandRun.in(folder, "predict --model @TAGGING --score @gold.conll");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("^span_f1 +0\\.0000\n")
                .containsPattern("\naccuracy +0\\.0000\nspan_f1_PER +0\\.0000\non 1 example\n$");
    }

    @Test
    void whatIsOfLabelledFilesIsForScoring() throws IOException {
        Files.writeString(folder.resolve("words.conll"), "the\ncat\n");
        TaskFolders.write(folder, TaskKind.TAGGING, "B-x", "O");
        for (String option : List.of("--label-column other", "--label-separator ;", "--tag-column 1", "--plain-tags")) {
            String message = option.split(" ")[0] + ": says where labels stand, for --score";
            assertRefused(run(option + " cat"), ExitCode.USAGE, message);
            assertRefused(run(option + " --input @texts.tsv"), ExitCode.USAGE, message);
            assertRefused(
                    CommandRun.in(folder, "predict --model @TAGGING --input @words.conll " + option),
                    ExitCode.USAGE,
                    message);
        }
        assertRefused(
                run("--text-columns other cat"), ExitCode.USAGE, "--text-columns: is for files; expected --input or");
        assertRefused(
                CommandRun.in(folder, "predict --model @TAGGING --input @words.conll --text-columns other"),
                ExitCode.USAGE,
                "--text-columns: is for classification, multi-label, regression, embedding, not for tagging");
        assertThat(run("--input @texts.tsv --text-columns other").out())
                .contains("  mat\n")
                .hasLineCount(2);
    }

    @Test
    void aNetworkThatWasNotFineTunedIsRefused() throws IOException {
        TestExports.write(folder, 1);
        assertRefused(
                CommandRun.in(folder, "predict --model @export/discriminator cat"),
                ExitCode.FAILED,
                "discriminator: was not fine-tuned; expected the model folder that finetune has made");
        assertRefused(CommandRun.in(folder, "predict --model @nothing cat"), ExitCode.FAILED, "nothing");
    }
}
