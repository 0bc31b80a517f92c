package dev.changeling.corpus;

import java.util.List;

/**
 * Which documents to read, and how.
 *
 * @param paths files, folders (searched in depth, in the order of their names), globs, {@code -} for standard input, or
 *     {@link #WORDNET}
 * @param boundary what ends a document in a .txt file
 * @param field the JSON field, CSV column or Parquet column that holds the text
 * @param strict whether malformed UTF-8 is an error; otherwise it is read as U+FFFD and counted
 * @param maximumDocumentLength the longest document (and line), in UTF-16 units; a longer one is an error
 * @param format of standard input, and of named files whose extension tells none
 * @param keepsBlank whether documents of white space only are handed out, too; otherwise they are passed over
 */
public record CorpusOptions(
        List<String> paths,
        DocumentBoundary boundary,
        String field,
        boolean strict,
        int maximumDocumentLength,
        CorpusFormat format,
        boolean keepsBlank) {
    /** Stands among the paths for the glosses of WordNet 3.1, which come with the program. */
    public static final String WORDNET = "wordnet:";

    /** The longest document by default: four times the length of <i>War and Peace</i>. */
    public static final int DEFAULT_MAXIMUM_DOCUMENT_LENGTH = 1 << 24;

    public CorpusOptions {
        paths = List.copyOf(paths);
        if (maximumDocumentLength < 1) {
            throw new IllegalArgumentException(
                    "the longest document must be at least 1 character, not " + maximumDocumentLength);
        }
    }

    /**
     * Returns the defaults: blank lines between documents, field {@code text}, lenient UTF-8, plain text on standard
     * input.
     */
    public static CorpusOptions of(List<String> paths) {
        return new CorpusOptions(
                paths,
                DocumentBoundary.BLANK_LINE,
                "text",
                false,
                DEFAULT_MAXIMUM_DOCUMENT_LENGTH,
                CorpusFormat.TEXT,
                false);
    }

    /** Returns the same with another document boundary. */
    public CorpusOptions withBoundary(DocumentBoundary other) {
        return new CorpusOptions(paths, other, field, strict, maximumDocumentLength, format, keepsBlank);
    }

    /** Returns the same with another text field. */
    public CorpusOptions withField(String other) {
        return new CorpusOptions(paths, boundary, other, strict, maximumDocumentLength, format, keepsBlank);
    }

    /** Returns the same with malformed UTF-8 refused, or not. */
    public CorpusOptions withStrict(boolean other) {
        return new CorpusOptions(paths, boundary, field, other, maximumDocumentLength, format, keepsBlank);
    }

    /** Returns the same with another limit on the length of a document, in UTF-16 units. */
    public CorpusOptions withMaximumDocumentLength(int other) {
        return new CorpusOptions(paths, boundary, field, strict, other, format, keepsBlank);
    }

    /** Returns the same with another format of standard input. */
    public CorpusOptions withFormat(CorpusFormat other) {
        return new CorpusOptions(paths, boundary, field, strict, maximumDocumentLength, other, keepsBlank);
    }

    /** Returns the same with blank documents kept, or not. */
    public CorpusOptions withBlank(boolean other) {
        return new CorpusOptions(paths, boundary, field, strict, maximumDocumentLength, format, other);
    }
}
