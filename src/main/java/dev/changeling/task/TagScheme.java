package dev.changeling.task;

import java.util.Collection;
import java.util.regex.Pattern;

/** What the tags of words say. */
public enum TagScheme {
    /**
     * Where spans begin and end, and of what type: {@code B-x} begins one, {@code I-x} goes on with it (or begins one,
     * as in IOB1), {@code E-x} ends one, {@code S-x} is one by itself, {@code O} is outside. With and without the last
     * two, the scheme is called IOBES and BIO.
     */
    SPANS,
    /** Something of each word by itself, such as its part of speech. */
    PLAIN,
    /** Nothing is tagged: the file has words only, or its tags are passed over. */
    NONE;

    private static final Pattern SPAN_TAG = Pattern.compile("O|[BIES]-.+");

    /** Returns what tags say by their form: {@link #SPANS} if all are of that scheme, or else {@link #PLAIN}. */
    public static TagScheme of(Collection<String> tags) {
        return tags.stream().allMatch(SPANS::admits) ? SPANS : PLAIN;
    }

    /** Returns whether a tag is of this scheme. */
    public boolean admits(String tag) {
        return this != SPANS || SPAN_TAG.matcher(tag).matches();
    }
}
