package dev.changeling.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, or a pair of texts, and what it is labelled with.
 *
 * @param source the file it stands in
 * @param line where it begins there, from 1
 * @param first the text, as it stands in the file
 * @param second the other text of a pair
 * @param labels one for classification and regression (a number, as it is written); any number of different ones where
 *     several may apply; none if no labels were asked for
 */
public record TextExample(
        String source, long line, String first, @Nullable String second, List<String> labels) {
    public TextExample {
        labels = List.copyOf(labels);
    }

    /** Returns where it stands, for messages: {@code train.tsv, line 7}. */
    public String where() {
        return source + ", line " + line;
    }
}
