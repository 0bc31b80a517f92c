package dev.changeling.task;

import java.util.List;

/**
 * A sentence in words, each with a tag.
 *
 * @param source the file it stands in
 * @param line where it begins there, from 1
 * @param words at least one
 * @param tags one for each word; none if no tags were asked for
 */
public record TaggedSentence(String source, long line, List<String> words, List<String> tags) {
    public TaggedSentence {
        words = List.copyOf(words);
        tags = List.copyOf(tags);
        if (!tags.isEmpty() && tags.size() != words.size()) {
            throw new IllegalArgumentException(tags.size() + " tags for " + words.size() + " words");
        }
    }

    /** Returns where it begins, for messages: {@code train.conll, line 7}. */
    public String where() {
        return source + ", line " + line;
    }
}
