package dev.changeling.hub;

import java.util.Locale;

/** Two columns of Markdown in a model card, a name and what is said of it. */
public final class MarkdownTable {
    private final StringBuilder text;

    /**
     * @param left heading of the names
     * @param right heading of what is said
     */
    public MarkdownTable(String left, String right) {
        this.text = new StringBuilder("| " + left + " | " + right + " |\n|---|---|\n");
    }

    /**
     * Adds a row.
     *
     * @param format as {@link String#format} takes it
     */
    public MarkdownTable row(String name, String format, Object... values) {
        text.append("| ").append(name).append(" | ");
        text.append(cell(String.format(Locale.ROOT, format, values))).append(" |\n");
        return this;
    }

    // What a machine calls itself may hold anything.
    private static String cell(String value) {
        return value.replace("|", "\\|").replaceAll("\\s+", " ");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
