package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vocab} and {@code prepare}, one after the other as a user calls them. */
class PrepareCommandTest {
    @TempDir
    private Path folder;

    private Path corpus = Path.of("");
    private Path vocabulary = Path.of("");

    @BeforeEach
    void writeACorpus() throws IOException {
        corpus = folder.resolve("corpus.txt");
        Files.writeString(
                corpus,
                IntStream.range(0, 200)
                        .mapToObj(i -> "The changeling number " + i + " was swapped for a Café in the night.")
                        .collect(Collectors.joining("\n\n")));
        vocabulary = folder.resolve("made/vocab.txt");
    }

    @Test
    void leadsFromTextToADataSet() throws IOException {
        CommandRun vocab = vocab();
        assertThat(vocab.err()).isEmpty();
        assertThat(vocab.code()).isZero();
        assertThat(Files.readAllLines(vocabulary))
                .startsWith("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
                .contains("changeling", "cafe")
                .doesNotContain("The");
        assertThat(vocab.out())
                .contains("tokens from 2,600 words in 200 documents (lower-cased)")
                .contains("Next: changeling prepare --corpus ... --vocab " + vocabulary);

        CommandRun prepare = prepare("--length", "32", "--held-out", "0.1", "--seed", "7");
        assertThat(prepare.err()).isEmpty();
        assertThat(prepare.code()).isZero();
        Dataset dataset = Dataset.open(folder.resolve("shards"));
        assertThat(dataset.length()).isEqualTo(32);
        assertThat(prepare.out())
                .contains("200 documents")
                .contains("rows of 32: " + dataset.trainRows() + " to train on, " + dataset.heldOutRows() + " held out")
                .contains("unknown to the vocabulary: 0.000 % of tokens")
                .contains("Next: changeling pretrain --config configs/tiny.yaml --data " + folder.resolve("shards"));
    }

    @Test
    void keepsCapitalsAndAccentsWhenAsked() throws IOException {
        assertThat(vocab("--cased").code()).isZero();

        assertThat(Files.readAllLines(vocabulary)).contains("The", "Café");
    }

    @Test
    void writesTheSameVocabularyTwice() throws IOException {
        vocab("--threads", "1");
        byte[] first = Files.readAllBytes(vocabulary);
        vocab("--threads", "3");

        assertThat(Files.readAllBytes(vocabulary)).isEqualTo(first);
        try (Stream<Path> files = Files.list(vocabulary.resolveSibling(""))) {
            assertThat(files).containsExactly(vocabulary);
        }
    }

    @Test
    void readsTheTextThatComesWithTheProgram() throws IOException {
        CommandRun run =
                CommandRun.of("vocab", "--corpus", "wordnet:", "--size", "300", "--out", vocabulary.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("in 117,791 documents");
    }

    @Test
    void leavesNothingBehindWhenTheTextIsMissing() {
        Path missing = folder.resolve("missing.txt");

        CommandRun run = CommandRun.of("vocab", "--corpus", missing.toString(), "--out", vocabulary.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).startsWith("changeling: " + missing).hasLineCount(1);
        assertThat(vocabulary.getParent()).doesNotExist();
    }

    @Test
    void callsWrongOptionsByTheirName() {
        assertThat(vocab("--alphabet", "few").err())
                .contains("--alphabet", "found 'few', expected a whole number from 1");
        assertThat(vocab("--documents", "page").err()).contains("found 'page', expected blank-line, line or file");
        CommandRun tooSmall = CommandRun.of("vocab", "--corpus", "x", "--out", "y", "--size", "3");
        assertThat(tooSmall.err()).startsWith("changeling: size must be");
        assertThat(tooSmall.code()).isEqualTo(2);
        assertThat(CommandRun.of("prepare", "--corpus", "x", "--out", "y").err())
                .startsWith("changeling: Missing required argument");
    }

    @Test
    void refusesAFolderThatHoldsADataSet() {
        vocab();
        prepare();

        CommandRun again = prepare();

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("holds a finished data set already").hasLineCount(1);
    }

    private CommandRun vocab(String... more) {
        return run(more, "vocab", "--corpus", corpus.toString(), "--size", "400", "--out", vocabulary.toString());
    }

    private CommandRun prepare(String... more) {
        return run(
                more,
                "prepare",
                "--corpus",
                corpus.toString(),
                "--vocab",
                vocabulary.toString(),
                "--out",
                folder.resolve("shards").toString());
    }

    private static CommandRun run(String[] more, String... first) {
        return CommandRun.of(Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new));
    }
}
