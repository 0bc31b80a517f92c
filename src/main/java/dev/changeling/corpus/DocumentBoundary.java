package dev.changeling.corpus;

/** What ends a document in a .txt file. */
public enum DocumentBoundary {
    /** An empty line (or one of white space only); the lines between two are a document's paragraphs. */
    BLANK_LINE,
    /** Every line is a document. */
    LINE,
    /** Every file is a document. */
    FILE
}
