package dev.changeling.cli;

import dev.changeling.bench.Text;
import dev.changeling.corpus.DocumentReader;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The option by which a benchmark is told how much of a corpus to hold in memory. */
final class TextArgument {
    /** In bytes. */
    static final double MEGABYTE = 1e6;

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "32",
            converter = PositiveConverter.class,
            description = "How much of the corpus to read, from its beginning. Default: ${DEFAULT-VALUE}.")
    private int megabytes;

    Text read(DocumentReader documents) throws IOException {
        return Text.read(documents, (long) (megabytes * MEGABYTE));
    }
}
