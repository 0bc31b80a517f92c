package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTrainerTest {
    /**
     * The expected files came from Python tokenizers 0.23.3 and its WordPieceTrainer. Because that one gives ids to
     * {@code ##} characters in the order of a hash table, the single characters were handed to it in our order.
     */
    @ParameterizedTest
    @CsvSource({"uncased, 300", "cased, 300"})
    void learnsWhatHuggingFaceLearns(String kind, int size) throws IOException {
        BertNormalization normalization = BertNormalization.of(kind.equals("uncased"));
        Vocabulary vocabulary = train(resource("trainer-text.txt"), VocabularySettings.of(size, normalization), 1);
        assertThat(vocabulary.tokens()).isEqualTo(resource("trainer-vocab-" + kind + ".txt"));
    }

    @Test
    void dependsNeitherOnOrderNorOnThreads() throws IOException {
        List<String> lines = EuroparlText.everyNth(40);
        VocabularySettings settings = VocabularySettings.of(3000, BertNormalization.CASED);
        String expected = train(lines, settings, 1).sha256();
        long seed = System.nanoTime();
        List<String> shuffled = new ArrayList<>(lines);
        Collections.shuffle(shuffled, new Random(seed));
        for (int threads = 2; threads <= 5; threads++) {
            assertThat(train(shuffled, settings, threads).sha256())
                    .as("seed %d, %d threads", seed, threads)
                    .isEqualTo(expected);
        }
    }

    @Test
    void coversItsOwnText() throws IOException {
        List<String> lines = resource("trainer-text.txt");
        Vocabulary vocabulary = train(lines, VocabularySettings.of(300, BertNormalization.UNCASED), 2);
        WordPieceTokenizer tokenizer = new WordPieceTokenizer(vocabulary, BertNormalization.UNCASED);
        for (String line : lines) {
            assertThat(tokenizer.ids(line)).doesNotContain(vocabulary.special().unknown());
        }
    }

    @Test
    void keepsTheMostFrequentCharactersAndOfEqualOnesTheLower() throws IOException {
        VocabularySettings settings = new VocabularySettings(100, BertNormalization.UNCASED, 2, 3);
        assertThat(train(List.of("c b a d d e e e"), settings, 1).tokens())
                .containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "d", "e");
    }

    @Test
    void joinsNoPairRarerThanTheMinimum() throws IOException {
        VocabularySettings twice = new VocabularySettings(100, BertNormalization.UNCASED, 2, 100);
        VocabularySettings thrice = new VocabularySettings(100, BertNormalization.UNCASED, 3, 100);
        assertThat(train(List.of("ab ab"), twice, 1).tokens()).contains("ab");
        assertThat(train(List.of("ab ab"), thrice, 1).tokens()).doesNotContain("ab");
    }

    @Test
    void reportsEveryWordAndTheLastSize() throws IOException {
        long[] seen = new long[3];
        VocabularyProgress progress = new VocabularyProgress() {
            @Override
            public void counted(long documents, long words) {
                seen[0] = documents;
                seen[1] = words;
            }

            @Override
            public void merged(int tokens, int size) {
                seen[2] = tokens;
            }
        };
        Vocabulary vocabulary = new VocabularyTrainer(VocabularySettings.of(20, BertNormalization.UNCASED), progress)
                .train(new LinesReader(List.of("one two", "two, three")), 2);
        assertThat(seen).containsExactly(2, 5, vocabulary.size());
    }

    @Test
    void refusesACorpusWithoutWords() {
        assertThatThrownBy(() -> train(List.of(" ", "\u0000"), VocabularySettings.of(100, BertNormalization.CASED), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no words");
    }

    @Test
    void refusesASizeBelowItsCharacters() {
        assertThatThrownBy(() -> train(List.of("abcdef"), VocabularySettings.of(10, BertNormalization.CASED), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("vocabulary size 10 is too small")
                .hasMessageContaining("16 tokens");
    }

    @Test
    void handsOnWhatTheReaderThrows() {
        DocumentReader broken = new DocumentReader() {
            @Override
            public Document next() {
                throw new InputException("corpus.txt: line 7: damaged");
            }

            @Override
            public void close() {}
        };
        VocabularyTrainer trainer =
                new VocabularyTrainer(VocabularySettings.of(100, BertNormalization.CASED), VocabularyProgress.NONE);
        assertThatThrownBy(() -> trainer.train(broken, 3))
                .isInstanceOf(InputException.class)
                .hasMessage("corpus.txt: line 7: damaged");
    }

    private static Vocabulary train(List<String> lines, VocabularySettings settings, int threads) throws IOException {
        return new VocabularyTrainer(settings, VocabularyProgress.NONE).train(new LinesReader(lines), threads);
    }

    private static List<String> resource(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(VocabularyTrainerTest.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
