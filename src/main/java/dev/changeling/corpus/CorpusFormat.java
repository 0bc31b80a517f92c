package dev.changeling.corpus;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How documents are laid out in a file; the extension tells, before any .gz or .zst. */
public enum CorpusFormat {
    /** Plain text, UTF-8. */
    TEXT(".txt"),
    /** One JSON object a line, UTF-8; a field holds the text. */
    JSON_LINES(".jsonl"),
    /** Comma-separated values with a header, quoted as in RFC 4180, UTF-8; a column holds the text. */
    CSV(".csv"),
    /** Apache Parquet; a column of strings holds the text. */
    PARQUET(".parquet");

    private final String extension;

    CorpusFormat(String extension) {
        this.extension = extension;
    }

    /** Returns the extension, dot included. */
    public String extension() {
        return extension;
    }

    /** Returns the format that a file name without .gz or .zst tells, or null if it tells none. */
    static @Nullable CorpusFormat ofName(String name) {
        return Arrays.stream(values())
                .filter(format -> name.endsWith(format.extension))
                .findFirst()
                .orElse(null);
    }

    /** Returns every extension, for messages. */
    static String extensions() {
        return Arrays.stream(values()).map(CorpusFormat::extension).collect(Collectors.joining(", "));
    }
}
