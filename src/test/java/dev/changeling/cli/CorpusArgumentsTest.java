package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a verb may read, and what it may therefore not write. */
class CorpusArgumentsTest {
    private static final String TEXT = "some words of text\n\nsome more words of text\n";

    @TempDir
    private Path folder;

    private Path corpus = Path.of("");

    @BeforeEach
    void writeACorpus() throws IOException {
        corpus = Files.createDirectories(folder.resolve("texts"));
        Files.writeString(corpus.resolve("a.txt"), TEXT);
        Files.writeString(corpus.resolve("b.txt"), TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "texts/a.txt,     texts/a.txt",
        "texts/a.txt,     texts/../texts/./a.txt",
        "texts,           texts/a.txt",
        "texts,           texts/new.txt",
        "texts,           texts/deep/new.txt",
        "texts/../texts,  texts/new.txt",
        "texts/*.txt,     texts/b.txt",
        "texts/*.txt,     texts/new.txt",
        "texts/**.txt,    texts/deep/er/new.txt",
        "texts/?.txt,     texts/c.txt"
    })
    void vocabWritesNoVocabularyIntoItsCorpus(String read, String written) throws IOException {
        assertRefused("would be part of the corpus (", vocab(in(read), in(written)));

        assertThat(corpus.resolve("a.txt")).hasContent(TEXT);
        assertThat(corpus.resolve("b.txt")).hasContent(TEXT);
        try (var files = Files.list(corpus)) {
            assertThat(files).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "texts/a.txt,  texts/vocab.txt",
        "texts,        vocab.txt",
        "texts,        texts/vocabulary",
        "texts,        texts/.hidden/vocab.txt",
        "texts/?.txt,  texts/vocab.txt",
        "texts/*.txt,  texts/deep/vocab.txt"
    })
    void vocabWritesBesideItsCorpus(String read, String written) {
        CommandRun run = vocab(in(read), in(written));

        assertThat(run.err()).isEmpty();
        assertThat(Path.of(in(written))).isNotEmptyFile();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void vocabSeesThroughLinks() throws IOException {
        Path file = Files.createSymbolicLink(folder.resolve("link.txt"), corpus.resolve("a.txt"));
        Path texts = Files.createSymbolicLink(folder.resolve("link"), corpus);
        Path elsewhere = Files.writeString(folder.resolve("elsewhere.txt"), TEXT);
        Files.createSymbolicLink(corpus.resolve("linked.txt"), elsewhere);

        assertRefused("would be part of the corpus (", vocab(in("texts/a.txt"), file.toString()));
        assertRefused("would be part of the corpus (", vocab(file.toString(), in("texts/a.txt")));
        assertRefused("would be part of the corpus (", vocab(texts.toString(), in("texts/new.txt")));
        assertRefused(
                "would be part of the corpus (",
                vocab(in("texts"), texts.resolve("new.txt").toString()));
        assertRefused("would be part of the corpus (", vocab(in("texts"), elsewhere.toString()));
        assertThat(elsewhere).hasContent(TEXT);
        assertThat(corpus.resolve("a.txt")).hasContent(TEXT);
    }

    @Test
    void vocabLeavesACorpusWithTheNameOfItsTemporaryFileAlone() throws IOException {
        Path read = Files.writeString(folder.resolve("vocab.txt.tmp"), TEXT);

        assertRefused("would be part of the corpus (", vocab(read.toString(), in("vocab.txt")));

        assertThat(read).hasContent(TEXT);
    }

    @Test
    void prepareWritesNoDataSetIntoItsCorpus() {
        assertThat(vocab(in("texts"), in("vocab.txt")).code()).isZero();

        assertRefused("would be part of the corpus (", prepare(in("texts"), in("texts/shards")));
        assertRefused("would be part of the corpus (", prepare(in("texts/**"), in("texts/shards")));
        assertThat(corpus.resolve("shards")).doesNotExist();
        assertThat(prepare(in("texts/*.txt"), in("texts/shards")).err()).isEmpty();
    }

    @Test
    void mixesTheTextThatComesWithTheProgramWithFiles() {
        CommandRun run = CommandRun.of(
                "vocab",
                "--corpus",
                in("texts/a.txt"),
                "wordnet:",
                in("texts/b.txt"),
                "--size",
                "300",
                "--out",
                in("vocab.txt"));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("in 117,795 documents");
    }

    private String in(String path) {
        return folder.resolve(path).toString();
    }

    private static CommandRun vocab(String read, String written) {
        return CommandRun.of("vocab", "--corpus", read, "--size", "60", "--out", written);
    }

    private CommandRun prepare(String read, String written) {
        return CommandRun.of(
                "prepare",
                "--corpus",
                read,
                "--vocab",
                in("vocab.txt"),
                "--length",
                "16",
                "--held-out",
                "0.4",
                "--out",
                written);
    }

    private static void assertRefused(String reason, CommandRun run) {
        assertThat(run.err()).contains(reason).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    }
}
