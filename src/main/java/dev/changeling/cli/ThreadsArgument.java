package dev.changeling.cli;

import picocli.CommandLine.Option;

/** The option by which a verb is told how many threads to use. */
final class ThreadsArgument {
    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "How many threads work; the result is the same. Default: one for each processor.")
    private int threads;

    int count() {
        return threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    }
}
