package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestTokenizers;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.shard.RandomDocuments;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.Vocabulary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The swap test where the tokens that begin a word are marked. */
class SwapTestOfAnyTokenizerTest {
    private static final long SEED = 6;
    private static final List<String> WORDS = IntStream.range(0, 60)
            .mapToObj(i -> "" + (char) ('a' + i / 10) + (char) ('a' + i % 10))
            .toList();

    private static final List<String> PIECES = Stream.concat(
                    IntStream.range(0, 10).mapToObj(i -> "" + (char) ('a' + i)), Stream.of("x", ".", ",", "7"))
            .toList();

    @TempDir
    Path temporary;

    @Test
    void aWordOfByteLevelTokensIsSwappedForAnother() throws IOException {
        assertWordsAreSwapped(TestTokenizers.byteLevel(temporary.resolve("tokenizer.json"), WORDS, PIECES), "\u0120");
    }

    @Test
    void aWordOfSentencePieceIsSwappedForAnother() throws IOException {
        assertWordsAreSwapped(
                TestTokenizers.sentencePiece(temporary.resolve("tokenizer.json"), WORDS, PIECES), "\u2581");
    }

    private void assertWordsAreSwapped(Path file, String mark) throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(file)) {
            PrepareOptions options = new PrepareOptions(64, ExampleFormat.PACKED, 0.3, SEED, 1 << 20);
            Dataset dataset = Prepare.run(
                    RandomDocuments.of(texts()), tokenizer, file, options, 1, temporary.resolve("data"), p -> {});
            Vocabulary vocabulary = tokenizer.vocabulary();
            SwapTest test = SwapTest.draw(dataset, vocabulary, 200, SEED);
            Set<String> after = new HashSet<>();
            assertThat(test.sentences()).hasSizeGreaterThan(100).allSatisfy(sentence -> {
                int position = sentence.position();
                String original = vocabulary.token(sentence.original());
                String swapped = vocabulary.token(sentence.tokens()[position]);
                String next = vocabulary.token(sentence.tokens()[position + 1]);
                assertThat(List.of(original, swapped)).doesNotHaveDuplicates().allSatisfy(word -> {
                    assertThat(word).startsWith(mark);
                    assertThat(WORDS).contains(word.substring(1));
                });
                assertThat(next).isNotIn("x", "7");
                after.add(next.substring(0, 1));
            });
            assertThat(after).as("what stands behind words that were swapped").contains(mark, ".", ",");
        }
    }

    /** Returns glosses in which one word in six has a piece more. */
    private static List<String> texts() {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            List<String> words = new ArrayList<>();
            for (int word = 0; word < 8; word++) {
                String drawn = WORDS.get(random.nextInt(WORDS.size()));
                boolean isPiece = random.nextInt(6) == 0;
                words.add(drawn + (isPiece ? random.nextInt(2) == 0 ? "x" : "7" : "") + (word == 3 ? "," : ""));
            }
            texts.add(String.join(" ", words) + ".");
        }
        return texts;
    }
}
