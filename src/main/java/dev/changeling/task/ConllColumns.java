package dev.changeling.task;

import dev.changeling.error.UsageException;

/**
 * Which columns of a CoNLL file hold what.
 *
 * @param word the column of the words, from 0
 * @param tag the column of the tags, from 0, or {@link #LAST}
 * @param scheme what the tags say; with {@link TagScheme#NONE}, {@code tag} is of no meaning
 */
public record ConllColumns(int word, int tag, TagScheme scheme) {
    /** The last column of the file, whichever it is. */
    public static final int LAST = -1;

    /** @throws UsageException if a column is below 0, or the same for words and tags */
    public ConllColumns {
        if (word < 0) {
            throw new UsageException("word column " + word + "; expected 0 or more");
        }
        if (tag < LAST) {
            throw new UsageException("tag column " + tag + "; expected 0 or more, or " + LAST + " for the last");
        }
        if (scheme != TagScheme.NONE && word == tag) {
            throw new UsageException("column " + word + " is to hold words and tags; expected one for each");
        }
    }

    /** Returns words in the first column and tags in the last. */
    public static ConllColumns of(TagScheme scheme) {
        return new ConllColumns(0, LAST, scheme);
    }
}
