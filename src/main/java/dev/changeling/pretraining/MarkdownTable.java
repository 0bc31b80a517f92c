package dev.changeling.pretraining;

import java.util.Locale;

/** Two columns of Markdown, a name and what is said of it. */
final class MarkdownTable {
    private final StringBuilder text;

    MarkdownTable(String left, String right) {
        this.text = new StringBuilder("| " + left + " | " + right + " |\n|---|---|\n");
    }

    MarkdownTable row(String name, String format, Object... values) {
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
