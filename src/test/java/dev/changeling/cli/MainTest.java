package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The program as a process of its own: exit codes, signals and streams, which a call inside the test can't show. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MainTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** More steps than any machine gets through before it is told to stop. */
    private static final String ENDLESS = "training.steps=100000000";

    private static final int STEPS_AFTER_RESUMING = 10;

    private final List<Process> started = new ArrayList<>();
    private Path folder = Path.of("");
    private String shards = "";

    private record Ended(int code, String out, String err) {}

    @BeforeAll
    void prepare(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Path corpus = folder.resolve("corpus.txt");
        Files.writeString(
                corpus,
                IntStream.range(0, 300)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat while the dog was barking at it .")
                        .collect(Collectors.joining("\n\n")));
        String vocabulary = folder.resolve("vocab.txt").toString();
        shards = folder.resolve("shards").toString();
        assertThat(CommandRun.of("vocab", "--corpus", corpus.toString(), "--size", "120", "--out", vocabulary)
                        .code())
                .isZero();
        assertThat(CommandRun.of(
                                "prepare",
                                "--corpus",
                                corpus.toString(),
                                "--vocab",
                                vocabulary,
                                "--length",
                                "32",
                                "--held-out",
                                "0.1",
                                "--out",
                                shards)
                        .code())
                .isZero();
    }

    @AfterEach
    void leaveNoProcessBehind() {
        started.forEach(Process::destroyForcibly);
        started.clear();
    }

    @Test
    void exitsWithZeroWhenDone() throws Exception {
        Ended ended = end(start("--version"));

        assertThat(ended.code()).isZero();
        assertThat(ended.out()).startsWith("changeling ");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void exitsWithOneAndOneLineOnBadInput() throws Exception {
        Ended ended = end(start("vocab", "--corpus", "nowhere.txt", "--out", "x"));

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).startsWith("changeling: nowhere.txt").hasLineCount(1);
    }

    @Test
    void exitsWithTwoOnWrongUse() throws Exception {
        assertThat(end(start("vocab")).code()).isEqualTo(2);
    }

    @Test
    void exitsWithThreeOnNumbersThatAreNotFinite() throws Exception {
        Ended ended = end(pretrain("diverged", "optimizer.learning_rate=1e30", "optimizer.clip_norm=0"));

        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).containsPattern("changeling: step \\d+: the loss or its gradient is not finite");
    }

    @Test
    void staysQuietWhenNobodyReadsItsOutput() throws Exception {
        Process process = start("--help");
        process.getInputStream().close();

        assertThat(text(process.errorReader(StandardCharsets.UTF_8))).isEmpty();
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    @DisabledOnOs(OS.WINDOWS)
    void savesAndExitsOnASignalAndGoesOnAsIfNothingHadHappened(String signal, int code) throws Exception {
        assumeFalse(signal.equals("INT") && interruptIsIgnored(), "this build was started with SIGINT ignored");
        Path stopped = folder.resolve("stopped-" + signal);
        Process process = pretrain("stopped-" + signal, ENDLESS);
        await(process, stopped.resolve("metrics.jsonl"), 1);
        Ended ended = end(process, signal);

        assertThat(ended.code()).isEqualTo(code);
        assertThat(ended.err()).contains("stopped and saved; --resume goes on from here");
        int saved = lines(stopped).size();
        assertThat(stopped.resolve("checkpoints"))
                .isDirectoryContaining(
                        checkpoint -> checkpoint.getFileName().toString().equals(String.format("step-%08d", saved)));

        Process resumed = pretrain("stopped-" + signal, ENDLESS, "--resume");
        int compared = saved + STEPS_AFTER_RESUMING;
        await(resumed, stopped.resolve("metrics.jsonl"), compared);
        Ended endedAgain = end(resumed, signal);
        assertThat(endedAgain.code()).isEqualTo(code);
        assertThat(endedAgain.err()).contains("resuming from step " + String.format(Locale.ROOT, "%,d", saved));

        Path whole = folder.resolve("whole-" + signal);
        Process neverStopped = pretrain("whole-" + signal, ENDLESS);
        await(neverStopped, whole.resolve("metrics.jsonl"), compared);
        assertThat(end(neverStopped, signal).code()).isEqualTo(code);
        assertThat(losses(stopped).subList(0, compared)).isEqualTo(losses(whole).subList(0, compared));
    }

    /** A shell starts its background jobs so, and Java, like all they start, then leaves the signal alone. */
    private static boolean interruptIsIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & 1L << 1) != 0);
    }

    private Process pretrain(String run, String... settings) throws IOException {
        Stream<String> arguments = Stream.of(
                "pretrain",
                "--config",
                "debug",
                "--data",
                shards,
                "--out",
                folder.resolve(run).toString(),
                "--set",
                "evaluation.every=0",
                "--set",
                "checkpoint.every=0");
        Stream<String> more = Stream.of(settings)
                .flatMap(setting -> setting.startsWith("--") ? Stream.of(setting) : Stream.of("--set", setting));
        return start(Stream.concat(arguments, more).toArray(String[]::new));
    }

    @Test
    void whatCanNotBeWrittenIsToldAndIsNoSuccess() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full on this system");
        Process process = new ProcessBuilder(command("--help"))
                .redirectOutput(full.toFile())
                .start();
        started.add(process);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(ExitCode.FAILED);
        assertThat(err).isEqualTo("changeling: standard output: can't be written: no space left on device\n");
    }

    @Test
    void thatNobodyReadsOnIsNoFailure() throws Exception {
        Process process = new ProcessBuilder(command("pretrain", "--help")).start();
        started.add(process);
        process.getInputStream().close();
        assertThat(process.waitFor()).isZero();
        assertThat(process.getErrorStream().readAllBytes()).isEmpty();
    }

    private Process start(String... arguments) throws IOException {
        Process process = new ProcessBuilder(command(arguments)).start();
        started.add(process);
        return process;
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void await(Process process, Path file, int lines) throws Exception {
        Instant late = Instant.now().plus(PATIENCE);
        while (!Files.exists(file) || Files.readAllLines(file).size() < lines) {
            assertThat(process.isAlive()).isTrue();
            assertThat(Instant.now()).isBefore(late);
            Thread.sleep(5);
        }
    }

    private static Ended end(Process process, String signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor();
        return end(process);
    }

    /** Waits for a process whose output is small enough for the pipes to hold. */
    private static Ended end(Process process) throws Exception {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                text(process.inputReader(StandardCharsets.UTF_8)),
                text(process.errorReader(StandardCharsets.UTF_8)));
    }

    private static String text(java.io.BufferedReader reader) {
        return reader.lines().collect(Collectors.joining("\n"));
    }

    private static List<JsonNode> lines(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonMapper.shared().readTree(line))
                .filter(line -> line.has("loss"))
                .toList();
    }

    private static List<String> losses(Path run) throws IOException {
        return lines(run).stream()
                .map(line -> line.at("/step") + ": " + line.at("/mlm_loss") + " " + line.at("/rtd_loss"))
                .toList();
    }

    @Test
    void aKilledPreparationGivesItsFolderFree() throws Exception {
        Path out = folder.resolve("contested");
        String[] prepare = {
            "prepare",
            "--corpus",
            "-",
            "--vocab",
            folder.resolve("vocab.txt").toString(),
            "--length",
            "32",
            "--held-out",
            "0.1",
            "--out",
            out.toString()
        };
        // It waits for text that never comes.
        Process first = start(prepare);
        await(first, out.resolve("prepare.json"), 1);

        Ended second = end(start(prepare));
        assertThat(second.err())
                .isEqualTo("changeling: " + out + ": another process is preparing a data set in this folder");
        assertThat(second.code()).isEqualTo(1);

        first.destroyForcibly().waitFor();
        Process third = start(prepare);
        try (Writer text = third.outputWriter(StandardCharsets.UTF_8)) {
            text.write(Files.readString(folder.resolve("corpus.txt")));
        }
        Ended ended = end(third);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.code()).isZero();
        assertThat(out).isDirectoryContaining("glob:**dataset.json").isDirectoryNotContaining("glob:**lock");
    }
}
