package dev.changeling.hub;

import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.SubwordMarks;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Vocabulary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which rows of an old table each token of a new vocabulary starts from: its own if the old vocabulary has the token,
 * else the mean of those of its old pieces, else none.
 */
final class VocabularyRows {
    /** Stands for what is no whole character. */
    private static final int REPLACEMENT = 0xFFFD;

    private final int[][] sources;
    private final int kept;
    private final int composed;
    private final int dropped;

    private VocabularyRows(int[][] sources, int kept, int composed, int dropped) {
        this.sources = sources;
        this.kept = kept;
        this.composed = composed;
        this.dropped = dropped;
    }

    /**
     * Compares two vocabularies. Special tokens correspond by what they are for, all others by their text.
     *
     * @param old that the table was trained with
     * @param fresh that it shall have
     */
    static VocabularyRows of(Tokenizer old, Vocabulary fresh) {
        Vocabulary before = old.vocabulary();
        SubwordMarks marks = SubwordMarks.of(fresh);
        Map<Integer, Integer> special = special(before.special(), fresh.special());
        int[][] sources = new int[fresh.size()][];
        boolean[] used = new boolean[before.size()];
        int kept = 0;
        int composed = 0;
        for (int id = 0; id < fresh.size(); id++) {
            String token = fresh.token(id);
            Integer same = special.get(id);
            if (same == null && before.contains(token)) {
                same = before.id(token);
            }
            if (same != null) {
                sources[id] = new int[] {same};
                used[same] = true;
                kept++;
            } else {
                sources[id] = pieces(old, marks.text(id));
                composed += sources[id].length > 0 ? 1 : 0;
            }
        }
        int dropped = 0;
        for (boolean isUsed : used) {
            dropped += isUsed ? 0 : 1;
        }
        return new VocabularyRows(sources, kept, composed, dropped);
    }

    private static Map<Integer, Integer> special(SpecialTokens before, SpecialTokens fresh) {
        Map<Integer, Integer> special = new HashMap<>();
        special.put(fresh.padding(), before.padding());
        special.put(fresh.unknown(), before.unknown());
        special.put(fresh.classify(), before.classify());
        special.put(fresh.separator(), before.separator());
        special.put(fresh.mask(), before.mask());
        return special;
    }

    private static int[] pieces(Tokenizer old, String text) {
        if (text.indexOf(REPLACEMENT) >= 0) {
            return new int[0];
        }
        int[] ids = old.ids(text);
        int unknown = old.vocabulary().special().unknown();
        return Arrays.stream(ids).anyMatch(id -> id == unknown) ? new int[0] : ids;
    }

    /**
     * Fills a new table.
     *
     * @param old the old table, row-major
     * @param fresh the new one, [V, width], with starting values, which stay where a token has no source
     * @param width of a row
     */
    void fill(float[] old, float[] fresh, int width) {
        for (int id = 0; id < sources.length; id++) {
            int[] rows = sources[id];
            for (int column = 0; rows.length > 0 && column < width; column++) {
                double sum = 0;
                for (int row : rows) {
                    sum += old[row * width + column];
                }
                fresh[id * width + column] = (float) (sum / rows.length);
            }
        }
    }

    /** Returns whether both vocabularies have the same tokens. */
    boolean isWhole() {
        return kept == sources.length && dropped == 0;
    }

    /** Returns how the rows came about, in words. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%,d rows as they were, %,d the mean of their old pieces, %,d made anew; %,d old tokens left out",
                kept,
                composed,
                sources.length - kept - composed,
                dropped);
    }
}
