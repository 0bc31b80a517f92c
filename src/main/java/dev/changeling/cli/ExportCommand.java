package dev.changeling.cli;

import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.PretrainedDiscriminator;
import dev.changeling.pretraining.TrainedRun;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code export}: writes both networks as Hugging Face folders. */
@Command(
        name = "export",
        description = {
            "Writes both networks of a run's newest checkpoint as folders that Hugging Face's from_pretrained opens.",
            "A finished run has them already, under model/."
        },
        customSynopsis = "changeling export --run FOLDER --out FOLDER [--data FOLDER] [--format hf]",
        footer = {"%nExample:", "  changeling export --run run/ --out exported/"})
final class ExportCommand implements Callable<Integer> {
    /** What an export is written as. */
    enum Format {
        /** Folders as Hugging Face has them. */
        HF
    }

    /** Reads a format's name. */
    static final class FormatConverter implements ITypeConverter<Format> {
        @Override
        public Format convert(String value) {
            if (value.equals("hf")) {
                return Format.HF;
            }
            throw new TypeConversionException("found '" + value + "', expected hf");
        }
    }

    /** What the networks' folders need besides their weights. */
    private record Surroundings(Path tokenizer, int sequenceLength) {}

    @Option(names = "--run", required = true, paramLabel = "FOLDER", description = "A run that pretrain has made.")
    private Path run;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the folders discriminator and generator go; an earlier export there is replaced.")
    private Path out;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "The shards that the run reads, for their tokenizer; needed only until the run is finished.")
    private @Nullable Path data;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "hf",
            converter = FormatConverter.class,
            description = "hf: Hugging Face's folders. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (TrainedRun trained = TrainedRun.load(run)) {
            Surroundings surroundings = surroundings(trained);
            switch (format) {
                case HF ->
                    HuggingFaceExport.write(
                            out,
                            trained.model(),
                            trained.config().model(),
                            surroundings.tokenizer(),
                            surroundings.sequenceLength());
            }
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT,
                            "%s: both networks after %,d steps%nNext: changeling detect --model %s \"your own text\"",
                            out,
                            trained.step(),
                            out.resolve(HuggingFaceExport.DISCRIMINATOR)));
        }
        return ExitCode.DONE;
    }

    private Surroundings surroundings(TrainedRun trained) throws IOException {
        if (data != null) {
            Dataset dataset = Dataset.open(data);
            trained.requireSameTokenizer(dataset);
            dataset.checkTokenizer();
            return new Surroundings(dataset.tokenizerFolder(), dataset.length());
        }
        Path finished = run.resolve("model").resolve(HuggingFaceExport.DISCRIMINATOR);
        if (!Files.exists(finished)) {
            throw new InputException(
                    run + ": not finished, so it has no tokenizer yet; expected --data, the shards that" + " it reads");
        }
        try (PretrainedDiscriminator discriminator =
                HuggingFaceImport.readDiscriminator(finished, trained.model().engine())) {
            return new Surroundings(finished, discriminator.sequenceLength());
        }
    }
}
