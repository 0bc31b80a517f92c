package dev.changeling.cli;

import java.io.IOException;
import java.util.List;

/** Where vectors of texts go, in the order in which they come. */
sealed interface EmbeddingSink permits JsonLinesEmbeddings, CsvEmbeddings, NpyEmbeddings {

    /** Writes vectors beside their texts. */
    void write(List<String> texts, float[][] vectors) throws IOException;

    /** Writes what can be written only at the end. */
    void finish() throws IOException;
}
