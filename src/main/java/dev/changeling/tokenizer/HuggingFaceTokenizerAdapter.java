package dev.changeling.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Any {@code tokenizer.json} (byte-pair encoding, Unigram, WordPiece with other settings) through Hugging Face's
 * library, by way of DJL. The native library is loaded when the first of these is opened, and never from the network.
 *
 * <p>That library finds special tokens in every text. Where they are to be text, each becomes the unknown token: text
 * can't be split around them without changing what stands beside them, and some models know them as ordinary pieces.
 */
final class HuggingFaceTokenizerAdapter implements Tokenizer {
    private static final String OFFLINE = "ai.djl.offline";

    static {
        // The library would otherwise fetch a native library for the GPU that it finds, and report its use.
        System.setProperty(OFFLINE, "true");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final BitSet special;
    private final String fingerprint;

    private HuggingFaceTokenizerAdapter(
            HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, BitSet special, String fingerprint) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.special = special;
        this.fingerprint = fingerprint;
    }

    static HuggingFaceTokenizerAdapter open(JsonNode json, Path file) throws IOException {
        List<String> tokens = TokenizerJsonTokens.of(json, file);
        Vocabulary vocabulary = new Vocabulary(tokens, SpecialTokenNames.find(tokens, file));
        ObjectNode untruncated = (ObjectNode) json.deepCopy();
        untruncated.putNull("truncation");
        untruncated.putNull("padding");
        byte[] bytes = untruncated.toString().getBytes(StandardCharsets.UTF_8);
        HuggingFaceTokenizer tokenizer;
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(bytes), Map.of("truncation", "do_not_truncate", "padding", "do_not_pad"));
        } catch (RuntimeException e) {
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: %s; expected a tokenizer.json that Hugging Face's tokenizers can open",
                            file,
                            String.valueOf(e.getMessage()).replace('\n', ' ')),
                    e);
        }
        return new HuggingFaceTokenizerAdapter(
                tokenizer, vocabulary, specialIds(json, vocabulary.special()), Sha256.of(bytes));
    }

    @Override
    public Encoding encode(String text, SpecialTokensInText specialInText) {
        String wellFormed = replaceLoneSurrogates(text);
        ai.djl.huggingface.tokenizers.Encoding encoding = tokenizer.encode(wellFormed, false, false);
        long[] tokens = encoding.getIds();
        @Nullable CharSpan[] spans = encoding.getCharTokenSpans();
        int[] units = unitsByCodePoint(wellFormed);
        int[] ids = new int[tokens.length];
        int[] starts = new int[tokens.length];
        int[] ends = new int[tokens.length];
        for (int i = 0; i < ids.length; i++) {
            int id = Math.toIntExact(tokens[i]);
            boolean isText = specialInText == SpecialTokensInText.AS_TEXT && special.get(id);
            ids[i] = isText ? vocabulary.special().unknown() : id;
            CharSpan span = spans[i];
            int previousEnd = i == 0 ? 0 : ends[i - 1];
            starts[i] = span == null ? previousEnd : units[span.getStart()];
            ends[i] = span == null ? previousEnd : units[span.getEnd()];
        }
        return new Encoding(ids, starts, ends);
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static BitSet specialIds(JsonNode json, SpecialTokens special) {
        BitSet ids = new BitSet();
        for (JsonNode added : json.path("added_tokens")) {
            if (added.path("special").asBoolean(false)) {
                ids.set(added.path("id").asInt());
            }
        }
        ids.set(special.padding());
        ids.set(special.classify());
        ids.set(special.separator());
        ids.set(special.mask());
        return ids;
    }

    /** Returns, for each code point of a text and for its end, the index of its first UTF-16 unit. */
    private static int[] unitsByCodePoint(String text) {
        int[] units = new int[text.codePointCount(0, text.length()) + 1];
        int codePoint = 0;
        for (int at = 0; at < text.length(); at = text.offsetByCodePoints(at, 1)) {
            units[codePoint++] = at;
        }
        units[codePoint] = text.length();
        return units;
    }

    /** Java strings may hold half a character; UTF-8, which the library reads, can't. */
    private static String replaceLoneSurrogates(String text) {
        if (text.codePoints().noneMatch(HuggingFaceTokenizerAdapter::isSurrogate)) {
            return text;
        }
        StringBuilder replaced = new StringBuilder(text.length());
        text.codePoints().map(c -> isSurrogate(c) ? 0xFFFD : c).forEach(replaced::appendCodePoint);
        return replaced.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
