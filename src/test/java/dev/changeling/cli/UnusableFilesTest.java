package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders where files are expected, files where folders are, and nothing where something is: one line, in words. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnusableFilesTest {
    private Path folder = Path.of("");
    private Path model = Path.of("");

    @BeforeAll
    void makeEverythingThatAVerbReads(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Files.createDirectory(folder.resolve("empty"));
        Files.writeString(folder.resolve("file"), "text\n");
        Files.createDirectory(folder.resolve("texts"));
        Files.writeString(
                folder.resolve("texts/a.txt"),
                IntStream.range(0, 100)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat")
                        .collect(Collectors.joining("\n\n")));
        assertThat(run("vocab --corpus @texts --size 60 --out @vocab.txt").code())
                .isZero();
        assertThat(run("prepare --corpus @texts --vocab @vocab.txt --length 16 --held-out 0.1 --out @shards")
                        .code())
                .isZero();
        assertThat(run("pretrain --config debug --data @shards --out @run --set training.steps=1")
                        .code())
                .isZero();
        model = TestExports.write(folder, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vocab --corpus @missing --out @v                     | @missing: no such file or folder",
                "vocab --corpus @file/x --out @v                      | @file/x: can't be reached: ~ @file/x: no such file",
                "vocab --corpus @empty --out @v                       | @empty: no text file in this folder",
                "vocab --corpus @texts --out @empty                   | @empty: a folder; expected the name of a file",
                "vocab --corpus @texts --out @file/v                  | @file/v: can't be written: @file is a file",
                "prepare --corpus @texts --vocab @missing --out @s    | @missing: no such file; expected a vocabulary",
                "prepare --corpus @texts --vocab @file/v --out @s     | @file/v: can't be read: a part of this path is ~ @file/v: no such file",
                "prepare --corpus @texts --vocab @empty --out @s      | @empty: neither tokenizer.json nor vocab.txt",
                "prepare --corpus @texts --vocab @vocab.txt --out @file   | @file: can't be written: a file is in the way",
                "prepare --corpus @texts --vocab @vocab.txt --out @file/s | @file/s: can't be written: a part of this",
                "prepare --corpus @texts/a.txt --vocab @vocab.txt --out @texts | @texts: holds a.txt; expected an empty",
                "pretrain --config @empty --data @shards --out @r     | @empty: can't be read: a folder; expected a file",
                "pretrain --config @file/c.yaml --data @shards --out @r   | @file/c.yaml: can't be read: a part of this",
                "pretrain --config debug --data @file --out @r        | @file/dataset.json: can't be read: a part of",
                "pretrain --config debug --data @empty --out @r       | @empty/dataset.json: no such file",
                "pretrain --config debug --data @shards --out @file   | @file: can't be used for a run: a file is in",
                "pretrain --config debug --data @shards --out @file/r | @file/r: can't be used for a run: a part of",
                "pretrain --config debug --data @shards --out @texts  | @texts: holds other files (a.txt)",
                "pretrain --config debug --data @shards --out @empty --resume | @empty: holds no run",
                "evaluate --run @file --data @shards                  | @file/config.yaml: can't be read: a part of this ~ @file: holds no run",
                "evaluate --run @run --data @file                     | @file/dataset.json: can't be read: a part of",
                "export --run @run --out @file                        | @file: a file; expected a folder",
                "export --run @run --out @file/e                      | @file/e: can't be written: ",
                "export --run @run --out @texts                       | @texts: holds a.txt",
                "detect --model @file text                            | @file: no such folder",
                "detect --model @empty text                           | @empty/config.json: no such file",
                "quickstart --out @file                               | @file: is there already",
                "quickstart --out @file/q                             | @file/q: can't be written: @file is a file",
                "quickstart --out @q --json @empty                    | @empty: a folder; expected the name of a file"
            })
    void areNamedInOneLine(String call, String message) {
        assertOneLine(message.replace("@", folder + "/"), run(call));
        assertThat(folder.resolve("texts")).isDirectoryNotContaining("glob:**/{lock,shards,s,r}");
        assertThat(folder.resolve("empty")).isEmptyDirectory();
        for (String out : new String[] {"v", "s", "r", "q", "e"}) {
            assertThat(folder.resolve(out)).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"})
    void areNamedWhereAModelHasAFolderForAFile(String name, @TempDir Path temporary) throws IOException {
        Path damaged = copy(model, temporary.resolve("model"));
        Files.delete(damaged.resolve(name));
        Files.createDirectory(damaged.resolve(name));

        assertOneLine(
                damaged.resolve(name) + ": can't be read: a folder; expected a file",
                CommandRun.of("detect", "--model", damaged.toString(), "text"));
    }

    @Test
    void aForeignFileCalledLockStays(@TempDir Path temporary) throws IOException {
        Path lock = Files.writeString(temporary.resolve("lock"), "mine");

        run("pretrain --config debug --data @shards --set training.steps=1 --out " + temporary);

        assertThat(lock).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab --corpus @texts --out _",
                "prepare --corpus @texts --vocab _ --out @s",
                "prepare --corpus @texts --vocab @vocab.txt --out _",
                "pretrain --config debug --data _ --out @r",
                "pretrain --config debug --data @shards --out _",
                "evaluate --run _ --data @shards",
                "export --run @run --out _",
                "detect --model _ text",
                "quickstart --out _"
            })
    void anEmptyPathIsAMistakeOfUsage(String call) {
        CommandRun run = run(call);

        assertThat(run.err()).contains("found '', expected a path");
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    /**
     * Checks what a call said.
     *
     * @param messages how the line may begin; of a path through a file, newer JDKs say that it does not exist
     */
    private static void assertOneLine(String messages, CommandRun run) {
        assertThat(messages.split(" ~ "))
                .as(run.err())
                .anyMatch(message -> run.err().startsWith("changeling: " + message.strip()));
        assertThat(run.err()).hasLineCount(1).doesNotContain("java.", "Exception");
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    }

    /** Runs words of which {@code @} begins a path in the test's folder, and {@code _} is nothing. */
    private CommandRun run(String call) {
        return CommandRun.of(Arrays.stream(call.split(" +"))
                .map(word ->
                        word.startsWith("@") ? folder.resolve(word.substring(1)).toString() : word)
                .map(word -> word.equals("_") ? "" : word)
                .toArray(String[]::new));
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }
}
