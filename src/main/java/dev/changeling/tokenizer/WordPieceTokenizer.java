package dev.changeling.tokenizer;

import dev.changeling.disk.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * BERT's tokenizer: words split into the longest pieces that the vocabulary has, from left to right, those after the
 * first marked {@code ##}. A word that can't be split so, or has more than 100 characters after normalising, is [UNK].
 *
 * <p>Ids and offsets are those of Hugging Face's {@code BertTokenizerFast}, with one difference by default:
 * {@code [MASK]} and its like in a text are text ({@link SpecialTokensInText#AS_TEXT}).
 */
public final class WordPieceTokenizer implements Tokenizer {
    /** A word of more code points than this is [UNK]. */
    public static final int MAXIMUM_WORD_LENGTH = 100;

    /** Changes whenever the same vocabulary and normalisation would give other ids. */
    private static final String ALGORITHM = "wordpiece-1";

    private final Vocabulary vocabulary;
    private final BertNormalization normalization;
    private final TokenTrie trie;
    private final String fingerprint;

    /**
     * @param vocabulary continuing pieces begin with {@code ##}
     * @param normalization what the vocabulary was made with
     */
    public WordPieceTokenizer(Vocabulary vocabulary, BertNormalization normalization) {
        this.vocabulary = vocabulary;
        this.normalization = normalization;
        this.trie = new TokenTrie(vocabulary);
        String settings = String.format(
                Locale.ROOT,
                "%s lowercase=%s strip_accents=%s\n",
                ALGORITHM,
                normalization.lowercase(),
                normalization.stripAccents());
        this.fingerprint = Sha256.of(settings.getBytes(StandardCharsets.UTF_8), vocabulary.bytes());
    }

    @Override
    public Encoding encode(String text, SpecialTokensInText special) {
        Pieces pieces = new Pieces(true, text.length());
        pieces.encode(text, special);
        return new Encoding(pieces.ids(), pieces.starts(), pieces.ends());
    }

    @Override
    public int[] ids(String text) {
        Pieces pieces = new Pieces(false, text.length());
        pieces.encode(text, SpecialTokensInText.AS_TEXT);
        return pieces.ids();
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Returns how this tokenizer normalises a text. */
    public BertNormalization normalization() {
        return normalization;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** Does nothing: there is nothing to release. */
    @Override
    public void close() {}

    /** The tokens of one text, as they are found. */
    private final class Pieces implements WordSink {
        private final boolean withOffsets;
        private int[] ids;
        private int[] starts;
        private int[] ends;
        private int size;

        Pieces(boolean withOffsets, int textLength) {
            this.withOffsets = withOffsets;
            int capacity = Math.max(16, textLength / 4);
            ids = new int[capacity];
            starts = withOffsets ? new int[capacity] : ids;
            ends = withOffsets ? new int[capacity] : ids;
        }

        void encode(String text, SpecialTokensInText special) {
            WordScanner scanner = new WordScanner(normalization, this);
            int from = 0;
            if (special == SpecialTokensInText.AS_TOKENS) {
                // Special tokens are looked for in the text as it stands, and each piece between is normalised alone.
                for (int open = text.indexOf('['); open >= 0; open = text.indexOf('[', open + 1)) {
                    String name = specialTokenAt(text, open);
                    if (!name.isEmpty()) {
                        scanner.scan(text, from, open);
                        from = open + name.length();
                        add(vocabulary.id(name), open, from);
                    }
                }
            }
            scanner.scan(text, from, text.length());
        }

        @Override
        public void accept(int[] codePoints, int[] wordStarts, int[] wordEnds, int length) {
            int sizeBefore = size;
            int root = TokenTrie.WORD_START;
            int at = 0;
            if (length <= MAXIMUM_WORD_LENGTH) {
                while (at < length) {
                    long longest = trie.longest(root, codePoints, at, length);
                    int end = at + (int) (longest >>> 32);
                    if (end == at) {
                        break;
                    }
                    add((int) longest, wordStarts[at], wordEnds[end - 1]);
                    at = end;
                    root = TokenTrie.WORD_CONTINUATION;
                }
            }
            if (at < length) {
                size = sizeBefore;
                add(vocabulary.special().unknown(), wordStarts[0], wordEnds[length - 1]);
            }
        }

        private void add(int id, int start, int end) {
            if (size == ids.length) {
                int capacity = size * 2;
                ids = Arrays.copyOf(ids, capacity);
                if (withOffsets) {
                    starts = Arrays.copyOf(starts, capacity);
                    ends = Arrays.copyOf(ends, capacity);
                }
            }
            ids[size] = id;
            if (withOffsets) {
                starts[size] = start;
                ends[size] = end;
            }
            size++;
        }

        int[] ids() {
            return Arrays.copyOf(ids, size);
        }

        int[] starts() {
            return Arrays.copyOf(starts, size);
        }

        int[] ends() {
            return Arrays.copyOf(ends, size);
        }
    }

    private static String specialTokenAt(String text, int at) {
        for (String name : BertSpecialTokens.NAMES) {
            if (text.startsWith(name, at)) {
                return name;
            }
        }
        return "";
    }
}
