package dev.changeling.cli;

import dev.changeling.inference.Detector;
import dev.changeling.inference.Suggester;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code detect}: which words of a text look replaced, and what would be expected there. */
@Command(
        name = "detect",
        description = "Tells for each word of a text how likely it is that another stood there, and what would be"
                + " expected in place of those that are suspected.",
        customSynopsis = {
            "changeling detect --model FOLDER [OPTION]... [TEXT]...",
            "       changeling detect --model FOLDER --corpus PATH... [--top N] [OPTION]...",
            "       changeling detect --model FOLDER --corpus PATH... --swap N [--seed N] [--json]",
            "       changeling detect --model FOLDER --score PATH... [--data FOLDER] [--json]"
        },
        footer = {
            "%nExamples:",
            "  changeling detect --model run/model/discriminator \"the cat barked at the postman\"",
            "  cat mails.txt | changeling detect --model run/model/discriminator --json > suspects.jsonl",
            "  changeling detect --model run/model/discriminator --corpus mails/*.jsonl.zst --field body --top 50",
            "  changeling detect --model run/model/discriminator --score errors.txt --data shards/"
        })
final class DetectCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "A discriminator's folder: a run's model/discriminator, or any ELECTRA of Hugging Face's form.")
    private Path model;

    @ArgGroup
    private GeneratorArgument generator = new GeneratorArgument();

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "3",
            converter = PositiveConverter.class,
            description = "How many expected words to show. Default: ${DEFAULT-VALUE}.")
    private int candidates;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "The probability from which a word is suspected. Default: ${DEFAULT-VALUE}.")
    private double threshold;

    /** How the answer looks: as words for a person, or as one of the two. */
    static final class FormArgument {
        @Option(names = "--tokens", description = "A line for each token, with its probability.")
        private boolean tokens;

        @Option(names = "--json", description = "A JSON object a line: for each text, place or scored file.")
        private boolean json;
    }

    @ArgGroup
    private FormArgument form = new FormArgument();

    @Mixin
    private DetectSources sources;

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description = "What to judge. Without any, each line of standard input is a text.")
    private List<String> texts = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireOneSource();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Detector detector = Detector.load(model)) {
            if (sources.score() != null) {
                new DetectScore(detector, model, form.json, out, err).run(sources.score());
                return ExitCode.DONE;
            }
            if (sources.corpus() != null && sources.swapOneIn() != null) {
                new DetectSwaps(detector, form.json, out, err)
                        .run(sources.corpus(), sources.swapOneIn(), sources.seed());
                return ExitCode.DONE;
            }
            try (Suggester suggester = form.tokens ? null : generator.open(detector, model, err)) {
                show(detector, suggester == null ? null : new Expecting(suggester, candidates), out, err);
            }
        }
        return ExitCode.DONE;
    }

    private void show(Detector detector, @Nullable Expecting expecting, PrintWriter out, PrintWriter err)
            throws IOException {
        if (sources.corpus() != null) {
            new DetectCorpus(detector, expecting, form.json, out, err).run(sources.corpus(), sources.top());
            return;
        }
        DetectTexts detect = new DetectTexts(detector, expecting, threshold, shape(), out, err);
        if (texts.isEmpty()) {
            detect.readStandardInput();
        } else {
            detect.read(texts);
        }
    }

    private DetectTexts.Shape shape() {
        if (form.json) {
            return DetectTexts.Shape.JSON;
        }
        return form.tokens ? DetectTexts.Shape.TOKENS : DetectTexts.Shape.VIEW;
    }

    private void requireOneSource() {
        boolean hasFiles = sources.corpus() != null || sources.score() != null;
        long given = Stream.of(!texts.isEmpty(), sources.corpus() != null, sources.score() != null)
                .filter(isGiven -> isGiven)
                .count();
        if (given > 1) {
            throw usage("TEXT, --corpus, --score: expected one of them");
        }
        if (hasFiles && form.tokens) {
            throw usage("--tokens: is for TEXT and standard input; expected --json or neither");
        }
        if (sources.hasTop() && sources.corpus() == null) {
            throw usage("--top: needs --corpus");
        }
        if (sources.swapOneIn() != null && (sources.corpus() == null || sources.hasTop())) {
            throw usage("--swap: needs --corpus, and goes without --top");
        }
        if (sources.swapOneIn() != null || sources.score() != null) {
            String asked = sources.score() == null ? "--swap" : "--score";
            for (String option : List.of("--generator", "--no-generator", "--candidates", "--threshold")) {
                if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw usage(option + ": goes without " + asked);
                }
            }
        }
        if (sources.hasSeed() && sources.swapOneIn() == null) {
            throw usage("--seed: needs --swap");
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw usage("--threshold: found " + threshold + ", expected a probability from 0 to 1");
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
