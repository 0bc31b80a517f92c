package dev.changeling.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of code points that BERT's normaliser and pre-tokeniser ask for, from {@code bert-unicode.txt}.
 *
 * <p>They are fixed in that file rather than taken from {@link Character}, whose tables change with the JDK: a
 * vocabulary must come out the same on every one. The file says which Unicode versions Hugging Face's tokenizers mix.
 */
final class BertUnicode {
    /** Dropped: control, format and private use characters, NUL, U+FFFD, and surrogates without a partner. */
    static final int REMOVED = 1;
    /** Ends a word. */
    static final int SPACE = 1 << 1;
    /** A word of its own. */
    static final int PUNCTUATION = 1 << 2;
    /** A CJK ideograph, which is a word of its own too, made so by spaces around it. */
    static final int IDEOGRAPH = 1 << 3;
    /** A non-spacing mark (Mn), an accent after decomposition. */
    static final int MARK = 1 << 4;
    /** Has a combining class other than 0. */
    static final int NON_STARTER = 1 << 5;
    /** Has another lower case. */
    static final int HAS_LOWERCASE = 1 << 6;
    /** Decomposes, and is not a Hangul syllable. */
    static final int DECOMPOSES = 1 << 7;

    /** Lower case of U+0130, the only one that is two code points. */
    static final int CAPITAL_I_WITH_DOT = 0x130;

    private static final String RESOURCE = "bert-unicode.txt";
    private static final int[][] IDEOGRAPHS = {
        {0x4E00, 0x9FFF},
        {0x3400, 0x4DBF},
        {0x20000, 0x2A6DF},
        {0x2A700, 0x2B73F},
        {0x2B740, 0x2B81F},
        {0x2B920, 0x2CEAF},
        {0xF900, 0xFAFF},
        {0x2F800, 0x2FA1F}
    };

    private static final BertUnicode INSTANCE = load();

    private final byte[] properties = new byte[Character.MAX_CODE_POINT + 1];
    private final Column combiningClasses;
    private final Column lowercaseDeltas;
    private final Column decompositions;
    private final int[][] decompositionParts;

    private BertUnicode(List<String> lines) {
        ColumnBuilder classes = new ColumnBuilder();
        ColumnBuilder deltas = new ColumnBuilder();
        ColumnBuilder decomposing = new ColumnBuilder();
        List<int[]> parts = new ArrayList<>();
        String section = "";
        for (String line : lines) {
            if (line.startsWith("[")) {
                section = line;
            } else if (!line.startsWith("#")) {
                String[] fields = line.split(" ", -1);
                switch (section) {
                    case "[removed]" -> mark(fields[0], REMOVED, null, 0);
                    case "[space]" -> mark(fields[0], SPACE, null, 0);
                    case "[mark]" -> mark(fields[0], MARK, null, 0);
                    case "[punctuation]" -> mark(fields[0], PUNCTUATION, null, 0);
                    case "[combining-class]" -> mark(fields[0], NON_STARTER, classes, Integer.parseInt(fields[1]));
                    case "[lowercase]" -> mark(fields[0], HAS_LOWERCASE, deltas, Integer.parseInt(fields[1]));
                    case "[decomposition]" -> {
                        mark(fields[0], DECOMPOSES, decomposing, parts.size());
                        parts.add(Arrays.stream(fields, 1, fields.length)
                                .mapToInt(part -> Integer.parseInt(part, 16))
                                .toArray());
                    }
                    default -> throw new IllegalStateException(RESOURCE + ": unknown section " + section);
                }
            }
        }
        for (int[] range : IDEOGRAPHS) {
            markRange(range[0], range[1], 1, IDEOGRAPH);
        }
        markRange(Character.MIN_SURROGATE, Character.MAX_SURROGATE, 1, REMOVED);
        markRange(CAPITAL_I_WITH_DOT, CAPITAL_I_WITH_DOT, 1, HAS_LOWERCASE);
        combiningClasses = classes.build();
        lowercaseDeltas = deltas.build();
        decompositions = decomposing.build();
        decompositionParts = parts.toArray(int[][]::new);
    }

    static BertUnicode instance() {
        return INSTANCE;
    }

    /** Returns the properties of a code point as a set of bits. */
    int properties(int codePoint) {
        return properties[codePoint] & 0xFF;
    }

    /** Returns the canonical combining class of a {@link #NON_STARTER}. */
    int combiningClass(int codePoint) {
        return combiningClasses.get(codePoint);
    }

    /** Returns the lower case of a code point that {@link #HAS_LOWERCASE} other than {@link #CAPITAL_I_WITH_DOT}. */
    int lowercase(int codePoint) {
        return codePoint + lowercaseDeltas.get(codePoint);
    }

    /** Returns the full canonical decomposition of a code point that {@link #DECOMPOSES}; not to be written to. */
    int[] decomposition(int codePoint) {
        return decompositionParts[decompositions.get(codePoint)];
    }

    private void mark(String range, int property, @Nullable ColumnBuilder column, int value) {
        int slash = range.indexOf('/');
        int step = slash < 0 ? 1 : Integer.parseInt(range.substring(slash + 1));
        String bounds = slash < 0 ? range : range.substring(0, slash);
        int dash = bounds.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? bounds : bounds.substring(0, dash), 16);
        int last = dash < 0 ? first : Integer.parseInt(bounds.substring(dash + 1), 16);
        markRange(first, last, step, property);
        if (column != null) {
            for (int codePoint = first; codePoint <= last; codePoint += step) {
                column.add(codePoint, value);
            }
        }
    }

    private void markRange(int first, int last, int step, int property) {
        for (int codePoint = first; codePoint <= last; codePoint += step) {
            properties[codePoint] |= (byte) property;
        }
    }

    private static BertUnicode load() {
        try (InputStream stream = Objects.requireNonNull(BertUnicode.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new BertUnicode(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A number for some code points, by binary search. */
    private static final class Column {
        /** Code point in the high half, number in the low half, ascending. */
        private final long[] entries;

        Column(long[] entries) {
            this.entries = entries;
        }

        int get(int codePoint) {
            int at = Arrays.binarySearch(entries, (long) codePoint << 32);
            return (int) entries[at >= 0 ? at : -at - 1];
        }
    }

    private static final class ColumnBuilder {
        private final List<Long> entries = new ArrayList<>();

        void add(int codePoint, int number) {
            entries.add(((long) codePoint << 32) | Integer.toUnsignedLong(number));
        }

        Column build() {
            return new Column(
                    entries.stream().sorted().mapToLong(Long::longValue).toArray());
        }
    }
}
