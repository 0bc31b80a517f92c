package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the benchmarks read, small, and what they are called with.
 *
 * @param folder that holds it all
 */
record BenchData(Path folder) {
    static final int DOCUMENTS = 200;

    /** Writes a corpus, learns its vocabulary, and makes shards of both. */
    static BenchData prepare(Path folder) throws IOException {
        BenchData data = new BenchData(folder);
        Files.writeString(
                folder.resolve("corpus.txt"),
                IntStream.range(0, DOCUMENTS)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat while the dog was barking at it .")
                        .collect(Collectors.joining("\n\n")));
        done("vocab", "--corpus", data.corpus(), "--size", "90", "--out", data.vocabulary());
        done(
                "prepare",
                "--corpus",
                data.corpus(),
                "--vocab",
                data.vocabulary(),
                "--length",
                "32",
                "--out",
                data.shards());
        return data;
    }

    String corpus() {
        return folder.resolve("corpus.txt").toString();
    }

    String vocabulary() {
        return folder.resolve("vocab.txt").toString();
    }

    String shards() {
        return folder.resolve("shards").toString();
    }

    /** Runs {@code bench} with words in which SHARDS, CORPUS, VOCABULARY and FOLDER stand for what is here. */
    CommandRun bench(String call) {
        return CommandRun.of(Stream.of(("bench " + call)
                        .strip()
                        .replace("SHARDS", shards())
                        .replace("CORPUS", corpus())
                        .replace("VOCABULARY", vocabulary())
                        .replace("FOLDER", folder.toString())
                        .split(" +"))
                .toArray(String[]::new));
    }

    /** Runs {@code bench}, which must do it without a word on standard error, and returns what it says. */
    String text(String call) {
        return done(bench(call)).out();
    }

    /** The same with {@code --json}. */
    JsonNode json(String call) {
        return JsonMapper.shared().readTree(text(call + " --json"));
    }

    private static void done(String... arguments) {
        done(CommandRun.of(arguments));
    }

    private static CommandRun done(CommandRun run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }
}
