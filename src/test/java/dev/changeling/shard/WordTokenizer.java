package dev.changeling.shard;

import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.SpecialTokensInText;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A tokenizer for tests: words are numbers, and the token of word {@code n} is {@code n} + 5. */
public final class WordTokenizer implements Tokenizer {
    public static final SpecialTokens SPECIAL = new SpecialTokens(0, 1, 2, 3, 4);
    private static final int SPECIAL_TOKENS = 5;

    private final Vocabulary vocabulary;

    public WordTokenizer(int words) {
        List<String> tokens = Stream.concat(
                        Stream.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
                        IntStream.range(0, words).mapToObj(Integer::toString))
                .toList();
        this.vocabulary = new Vocabulary(tokens, SPECIAL);
    }

    @Override
    public Encoding encode(String text, SpecialTokensInText special) {
        int[] ids = ids(text);
        return new Encoding(ids, new int[ids.length], new int[ids.length]);
    }

    @Override
    public int[] ids(String text) {
        return Arrays.stream(text.split(" "))
                .filter(word -> !word.isEmpty())
                .mapToInt(word -> Integer.parseInt(word) + SPECIAL_TOKENS)
                .toArray();
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String fingerprint() {
        return String.format("%064x", vocabulary.size());
    }

    @Override
    public void close() {}
}
