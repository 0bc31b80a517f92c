package dev.changeling.task;

import dev.changeling.error.UsageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table, or fields of JSON objects, hold what.
 *
 * @param texts one, or two for pairs of texts
 * @param label what the texts are labelled with; null if no labels are wanted
 * @param separator stands between labels where several may apply; null where there is one a text
 */
public record TableColumns(
        List<String> texts,
        @Nullable String label,
        @Nullable String separator) {
    /** What stands between several labels of a text by default. */
    public static final String DEFAULT_SEPARATOR = "|";

    /** @throws UsageException if there is no text column, more than two, or a column is named twice */
    public TableColumns {
        texts = List.copyOf(texts);
        if (texts.isEmpty() || texts.size() > 2) {
            throw new UsageException(texts.size() + " text columns; expected one, or two for pairs of texts");
        }
        List<String> all = new ArrayList<>(texts);
        if (label != null) {
            all.add(label);
        }
        if (new HashSet<>(all).size() < all.size()) {
            throw new UsageException(
                    "columns " + String.join(", ", all) + "; expected another for each text and for the label");
        }
        if (separator != null && separator.isEmpty()) {
            throw new UsageException(
                    "the separator of labels is empty; expected some characters, as " + DEFAULT_SEPARATOR);
        }
    }

    /** Returns columns for one label a text: a class or a number. */
    public static TableColumns oneLabel(List<String> texts, String label) {
        return new TableColumns(texts, label, null);
    }

    /** Returns columns for any number of labels a text, with {@code |} between them. */
    public static TableColumns severalLabels(List<String> texts, String label) {
        return new TableColumns(texts, label, DEFAULT_SEPARATOR);
    }

    /** Returns columns for texts without labels. */
    public static TableColumns withoutLabels(List<String> texts) {
        return new TableColumns(texts, null, null);
    }
}
