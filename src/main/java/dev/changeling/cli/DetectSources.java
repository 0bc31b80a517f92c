package dev.changeling.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options by which {@code detect} is told to read files, and for what. */
final class DetectSources {
    private static final int TOP = 20;

    /** Sentences with marked errors, which the model is scored on. */
    static final class Scoring {
        @Option(
                names = "--score",
                required = true,
                arity = "1..*",
                paramLabel = "PATH",
                description =
                        "Text files, a sentence a line, its error between <marker> and </marker>: how often is the"
                                + " most suspected word of the error? Beside it chance, and suspecting the rarest word.")
        private List<String> paths;

        @Option(
                names = "--data",
                paramLabel = "FOLDER",
                description =
                        "Shards of prepare with the model's vocabulary, whose counts tell the rarest word. Default:"
                                + " WordNet's glosses tell.")
        private @Nullable Path data;

        List<String> paths() {
            return paths;
        }

        @Nullable
        Path data() {
            return data;
        }
    }

    @ArgGroup(exclusive = false)
    private @Nullable CorpusArguments corpus;

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description = "How many of the corpus's oddest words to show. Default: " + TOP + ".")
    private @Nullable Integer top;

    @Option(
            names = "--swap",
            paramLabel = "N",
            converter = PositiveConverter.class,
            description =
                    "Swap about one word in N (of those made of letters) for another of the corpus, and tell how many"
                            + " of the oddest places hold one: what their order is worth on such text.")
    private @Nullable Integer swapOneIn;

    @Option(names = "--seed", paramLabel = "N", description = "Of --swap. Default: 1.")
    private @Nullable Long seed;

    @ArgGroup(exclusive = false)
    private @Nullable Scoring score;

    @Nullable
    CorpusArguments corpus() {
        return corpus;
    }

    boolean hasTop() {
        return top != null;
    }

    int top() {
        return top == null ? TOP : top;
    }

    @Nullable
    Integer swapOneIn() {
        return swapOneIn;
    }

    boolean hasSeed() {
        return seed != null;
    }

    long seed() {
        return seed == null ? 1 : seed;
    }

    @Nullable
    Scoring score() {
        return score;
    }
}
