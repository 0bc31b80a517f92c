package dev.changeling.cli;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.corpus.WordNetGlosses;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.evaluation.SwapReport;
import dev.changeling.evaluation.SwapTest;
import dev.changeling.finetuning.FineTuningObserver;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.inference.Detector;
import dev.changeling.metrics.ConsoleProgress;
import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.pretraining.StepTiming;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quickstart}: the main job on real text, from nothing to a pre-trained encoder that is seen at work. */
@Command(
        name = "quickstart",
        description = {
            "Does the main job on real text, in about two minutes of training.",
            "Learns a vocabulary from WordNet's glosses, trains generator and discriminator jointly, scores them on"
                    + " text that was held out, and shows the discriminator at work."
        },
        customSynopsis = "changeling quickstart [--minutes N] [--out FOLDER]",
        footer = {"%nExample:", "  changeling quickstart --minutes 5 --out runs/first"})
final class QuickstartCommand implements Callable<Integer> {
    private static final int VOCABULARY_SIZE = 4000;
    private static final int ROW_LENGTH = 64;
    private static final double HELD_OUT = 0.02;
    private static final int SWAPS = 500;
    private static final double MEASURING_SECONDS = 4;
    /** With fewer, there is nothing to see yet. */
    private static final int FEWEST_STEPS = 300;

    private static final Path DEFAULT_OUT = Path.of("runs", "quickstart");

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "2",
            description =
                    "How long to train, by this machine's speed, but 300 steps at least. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "A new folder for all that is made. Default: runs/quickstart, or -2, -3, … after it.")
    private @Nullable Path out;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores to this file, too.")
    private @Nullable Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(minutes > 0 && minutes <= 24 * 60)) {
            throw new ParameterException(spec.commandLine(), "--minutes " + minutes + ": expected 0 to 1440");
        }
        Path folder = folder();
        OutputFile.require(folder, "");
        if (json != null) {
            OutputFile.require(json, "scores.json");
        }
        PrintWriter print = spec.commandLine().getOut();
        say(print, "Changeling quickstart: everything goes to " + folder);

        say(print, "%n1 Vocabulary: the most useful %,d pieces of the words in WordNet 3.1's glosses", VOCABULARY_SIZE);
        Path tokenizerFolder = folder.resolve("tokenizer");
        learnVocabulary(tokenizerFolder);
        Dataset dataset;
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder)) {
            dataset = prepare(tokenizer, tokenizerFolder.resolve("tokenizer.json"), folder.resolve("shards"));
        }
        say(
                print,
                "2 Shards: %,d tokens in %,d rows of %d to train on; %,d rows are held out",
                dataset.trainTokens(),
                dataset.trainRows(),
                dataset.length(),
                dataset.heldOutRows());

        RunConfig config = config(dataset);
        NetworkConfig discriminator = config.model().discriminator();
        NetworkConfig generator = config.model().generator();
        say(
                print,
                "3 Training: a generator (layers × width: %d × %d) writes words into the text, a discriminator (%d × %d)%n"
                        + "  learns which were replaced; both at once, %,d steps, about %.1f minutes",
                generator.layers(),
                generator.hiddenSize(),
                discriminator.layers(),
                discriminator.hiddenSize(),
                config.training().steps(),
                minutes);
        Path runFolder = folder.resolve("run");
        PretrainingReport heldOut = train(config, folder.resolve("shards"), runFolder);
        if (heldOut == null) {
            return ExitCode.DONE;
        }

        Path model = runFolder.resolve("model").resolve("discriminator");
        SwapReport swaps = swapTest(dataset, model);
        say(
                print,
                "%n4 A task: which of WordNet's 45 topics does a gloss belong to? Fine-tuning the encoder, and the same"
                        + " network%n  from random weights");
        QuickstartReport report =
                new QuickstartReport(heldOut, dataset.heldOutUnigramCrossEntropy(), swaps, fineTune(folder, model));
        say(print, "%n5 Scores on glosses that were held out");
        report.lines().forEach(print::println);
        if (json != null) {
            write(json, report.json());
        }
        say(print, "%n6 The discriminator at work: in each sentence, one word was swapped for another");
        try (Detector detector = Detector.load(model)) {
            QuickstartExamples.show(detector, print);
        }
        say(
                print,
                "%nBoth networks are Hugging Face folders under %s%nNext: changeling detect --model %s \"your own text\"",
                runFolder.resolve("model"),
                ShellWord.of(model));
        return ExitCode.DONE;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
            Files.writeString(file, text);
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    private Path folder() {
        if (out != null) {
            if (Files.exists(out)) {
                throw new InputException(out + ": is there already; expected the name of a new folder");
            }
            return out;
        }
        Path free = DEFAULT_OUT;
        for (int i = 2; Files.exists(free); i++) {
            free = DEFAULT_OUT.resolveSibling(DEFAULT_OUT.getFileName() + "-" + i);
        }
        return free;
    }

    private void learnVocabulary(Path folder) throws IOException {
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        VocabularyProgress progress = new VocabularyProgress() {
            @Override
            public void counted(long documents, long words) {
                status.show(() -> String.format(Locale.ROOT, "counting words: %,d", words));
            }

            @Override
            public void merged(int tokens, int size) {
                status.show(() -> String.format(Locale.ROOT, "joining pieces: %,d of %,d tokens", tokens, size));
            }
        };
        try (DocumentReader glosses = new WordNetGlosses()) {
            Vocabulary vocabulary = new VocabularyTrainer(
                            VocabularySettings.of(VOCABULARY_SIZE, BertNormalization.UNCASED), progress)
                    .train(glosses, Runtime.getRuntime().availableProcessors());
            TokenizerFiles.write(folder, vocabulary, BertNormalization.UNCASED, ROW_LENGTH);
        } finally {
            status.clear();
        }
    }

    private Dataset prepare(Tokenizer tokenizer, Path tokenizerFile, Path shards) throws IOException {
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        PrepareOptions options =
                new PrepareOptions(ROW_LENGTH, ExampleFormat.PACKED, HELD_OUT, 1, PrepareOptions.DEFAULT_SHARD_BYTES);
        try (DocumentReader glosses = new WordNetGlosses()) {
            return Prepare.run(
                    glosses,
                    tokenizer,
                    tokenizerFile,
                    options,
                    Runtime.getRuntime().availableProcessors(),
                    shards,
                    done -> status.show(() -> String.format(Locale.ROOT, "preparing: %,d glosses", done.documents())));
        } finally {
            status.clear();
        }
    }

    /** Returns the preset with as many steps as fit into the minutes on this machine. */
    private RunConfig config(Dataset dataset) throws IOException {
        RunConfig preset = ConfigLoader.load("quickstart", List.of());
        double secondsAStep = StepTiming.secondsAStep(preset, dataset, MEASURING_SECONDS);
        long steps = Math.max(FEWEST_STEPS, Math.round(minutes * 60 / secondsAStep));
        return ConfigLoader.load(
                "quickstart",
                List.of(
                        "training.steps=" + steps,
                        "schedule.warmup_steps=" + Math.min(preset.schedule().warmupSteps(), steps / 10)));
    }

    /** Returns the held-out scores, or null if the process is being ended. */
    private static @Nullable PretrainingReport train(RunConfig config, Path shards, Path folder) throws IOException {
        TrainingSession session = new TrainingSession(new ConsoleProgress(
                System.err, Terminal.hasStatusLine(), config.training().steps()));
        PretrainingRun run = PretrainingRun.start(config, shards, folder, List.of("quickstart"), session);
        return session.train(run) ? run.heldOut() : null;
    }

    private QuickstartTask.Accuracies fineTune(Path folder, Path model) throws IOException {
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        try {
            return new QuickstartTask(folder.resolve("topics")).run(model, new FineTuningObserver() {
                @Override
                public void step(long seed, int step, double loss) {
                    status.show(() -> String.format(Locale.ROOT, "fine-tuning: step %,d, loss %.3f", step, loss));
                }
            });
        } finally {
            status.clear();
        }
    }

    private static SwapReport swapTest(Dataset dataset, Path model) throws IOException {
        try (Pretrained<Discriminator> discriminator = HuggingFaceImport.readDiscriminator(model, Engine.cpu())) {
            return SwapTest.draw(dataset, discriminator.tokenizer().vocabulary(), SWAPS, 1)
                    .run(ReplacedTokenScorer.of(discriminator.model(), discriminator.padding())::score);
        }
    }

    private static void say(PrintWriter print, String format, Object... arguments) {
        print.println(String.format(Locale.ROOT, format, arguments));
        print.flush();
    }
}
