package dev.changeling.tokenizer;

import java.util.Arrays;

/**
 * BERT's normaliser and pre-tokeniser in one pass: splits a text into words without ever holding the normalised text.
 *
 * <p>In this order, as {@code BertNormalizer} and {@code BertPreTokenizer} of Hugging Face's tokenizers do it: drop
 * control characters and NUL, turn every white space into a boundary, stand CJK ideographs apart; if accents are
 * stripped, decompose (NFD) and drop non-spacing marks; lower-case; split off punctuation. Offsets follow that library
 * too: what a character decomposes into stands where the character stood, and what is dropped belongs to no word,
 * unless it lies between two characters of one.
 *
 * <p>Not safe for use by several threads.
 */
final class WordScanner {
    private static final int HANGUL_FIRST = 0xAC00;
    private static final int HANGUL_LAST = 0xD7A3;
    private static final int HANGUL_LEADING = 0x1100;
    private static final int HANGUL_VOWEL = 0x1161;
    private static final int HANGUL_TRAILING = 0x11A7;
    private static final int HANGUL_VOWELS = 21;
    private static final int HANGUL_TRAILINGS = 28;

    private final BertUnicode unicode = BertUnicode.instance();
    private final BertNormalization normalization;
    private final WordSink sink;

    private int[] codePoints = new int[64];
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int length;

    /** Combining characters since the last starter, waiting to be put into canonical order. */
    private final CombiningRun combining = new CombiningRun();

    WordScanner(BertNormalization normalization, WordSink sink) {
        this.normalization = normalization;
        this.sink = sink;
    }

    /** Hands every word of {@code text} from {@code from} to {@code to} to the sink. */
    void scan(String text, int from, int to) {
        boolean lowercase = normalization.lowercase();
        int at = from;
        while (at < to) {
            char unit = text.charAt(at);
            if (unit < 128) {
                int properties = unicode.properties(unit);
                if ((properties & BertUnicode.REMOVED) == 0) {
                    flushCombining();
                    if (properties == 0) {
                        append(unit, at, at + 1);
                    } else if ((properties & BertUnicode.SPACE) != 0) {
                        endWord();
                    } else if ((properties & BertUnicode.PUNCTUATION) != 0) {
                        appendAlone(unit, at, at + 1);
                    } else {
                        append(lowercase ? unit + ('a' - 'A') : unit, at, at + 1);
                    }
                }
                at++;
            } else {
                int next = at + 1;
                int codePoint = unit;
                if (Character.isHighSurrogate(unit) && next < to && Character.isLowSurrogate(text.charAt(next))) {
                    codePoint = Character.toCodePoint(unit, text.charAt(next++));
                }
                clean(codePoint, at, next);
                at = next;
            }
        }
        flushCombining();
        endWord();
    }

    private void clean(int codePoint, int start, int end) {
        int properties = unicode.properties(codePoint);
        if ((properties & BertUnicode.REMOVED) != 0) {
            return;
        }
        if ((properties & BertUnicode.SPACE) != 0) {
            flushCombining();
            endWord();
        } else if ((properties & BertUnicode.IDEOGRAPH) != 0) {
            flushCombining();
            endWord();
            stripAccents(codePoint, properties, start, end);
            endWord();
        } else {
            stripAccents(codePoint, properties, start, end);
        }
    }

    private void stripAccents(int codePoint, int properties, int start, int end) {
        if (!normalization.stripAccents()) {
            lowercase(codePoint, start, end);
        } else if ((properties & BertUnicode.DECOMPOSES) != 0) {
            int[] parts = unicode.decomposition(codePoint);
            for (int i = 0; i < parts.length; i++) {
                reorder(parts[i], i == 0, start, end);
            }
        } else if (codePoint >= HANGUL_FIRST && codePoint <= HANGUL_LAST) {
            flushCombining();
            int index = codePoint - HANGUL_FIRST;
            int trailing = index % HANGUL_TRAILINGS;
            stripMark(HANGUL_LEADING + index / (HANGUL_VOWELS * HANGUL_TRAILINGS), start, end);
            stripMark(HANGUL_VOWEL + index / HANGUL_TRAILINGS % HANGUL_VOWELS, start, end);
            if (trailing > 0) {
                stripMark(HANGUL_TRAILING + trailing, start, end);
            }
            combining.follow(start, end);
        } else {
            reorder(codePoint, true, start, end);
        }
    }

    private void reorder(int codePoint, boolean first, int start, int end) {
        if ((unicode.properties(codePoint) & BertUnicode.NON_STARTER) != 0) {
            combining.add(codePoint, unicode.combiningClass(codePoint), first, start, end);
        } else {
            flushCombining();
            combining.follow(start, end);
            stripMark(codePoint, start, end);
        }
    }

    private void flushCombining() {
        if (!combining.isEmpty()) {
            combining.drain(this::stripMark);
        }
    }

    private void stripMark(int codePoint, int start, int end) {
        if ((unicode.properties(codePoint) & BertUnicode.MARK) == 0) {
            lowercase(codePoint, start, end);
        }
    }

    private void lowercase(int codePoint, int start, int end) {
        if (!normalization.lowercase() || (unicode.properties(codePoint) & BertUnicode.HAS_LOWERCASE) == 0) {
            split(codePoint, start, end);
        } else if (codePoint == BertUnicode.CAPITAL_I_WITH_DOT) {
            split('i', start, end);
            split(0x307, start, end);
        } else {
            split(unicode.lowercase(codePoint), start, end);
        }
    }

    private void split(int codePoint, int start, int end) {
        if ((unicode.properties(codePoint) & BertUnicode.PUNCTUATION) != 0) {
            appendAlone(codePoint, start, end);
        } else {
            append(codePoint, start, end);
        }
    }

    private void appendAlone(int codePoint, int start, int end) {
        endWord();
        append(codePoint, start, end);
        endWord();
    }

    private void append(int codePoint, int start, int end) {
        if (length == codePoints.length) {
            int capacity = length * 2;
            codePoints = Arrays.copyOf(codePoints, capacity);
            starts = Arrays.copyOf(starts, capacity);
            ends = Arrays.copyOf(ends, capacity);
        }
        codePoints[length] = codePoint;
        starts[length] = start;
        ends[length] = end;
        length++;
    }

    private void endWord() {
        if (length > 0) {
            sink.accept(codePoints, starts, ends, length);
            length = 0;
        }
    }
}
