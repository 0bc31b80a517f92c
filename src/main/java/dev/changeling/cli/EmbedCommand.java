package dev.changeling.cli;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.disk.PendingFile;
import dev.changeling.error.FileFailure;
import dev.changeling.inference.EmbeddingSettings;
import dev.changeling.inference.Encoder;
import dev.changeling.model.Pooling;
import dev.changeling.tensor.Engine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code embed}: a vector for each text, or for each token. */
@Command(
        name = "embed",
        description = {
            "Makes a vector of each text, or of each of its tokens, in the order of the texts.",
            "Any number of texts takes the same memory. A text longer than the network takes is cut at its end, and"
                    + " counted; a blank one has a vector, too."
        },
        customSynopsis = "changeling embed --model FOLDER [--out FILE] [OPTION]... [TEXT | --corpus PATH]...",
        footer = {
            "%nExamples:",
            "  changeling embed --model run/model/discriminator \"the cat barked at the postman\"",
            "  changeling embed --model encoder/ --corpus mails.jsonl.zst --field body --out mails.npy",
            "  cat lines.txt | changeling embed --model encoder/ > vectors.jsonl"
        })
final class EmbedCommand implements Callable<Integer> {
    /** Of texts; enough that those of a batch have about the same length. */
    private static final int CHUNK = 4096;
    /** Of texts whose tokens all have vectors. */
    private static final int TOKENS_CHUNK = 128;
    /** Of characters, for texts that are long. */
    private static final long CHARACTERS = 1 << 22;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description = "Any ELECTRA of Hugging Face's form: a run's model/discriminator, an encoder alone, one that"
                    + " was fine-tuned.")
    private Path model;

    @Option(
            names = "--pooling",
            paramLabel = "HOW",
            converter = EmbedConverters.Poolings.class,
            description = "mean of all tokens, [CLS] and [SEP] included, or cls. Default: what the folder's"
                    + " 1_Pooling/config.json says, or else mean.")
    private @Nullable Pooling pooling;

    @Option(
            names = "--normalize",
            description = "Scale vectors to length 1. Default: if the folder's modules.json says so.")
    private boolean normalize;

    @Option(
            names = "--tokens",
            description = "A vector for each token in place of one for each text, with its place in the text in UTF-16"
                    + " units; jsonl only.")
    private boolean tokens;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = EmbedConverters.Formats.class,
            description = "jsonl, csv, or npy (needs --out). Default: what the name of --out says, or else jsonl.")
    private EmbedConverters.@Nullable Format format;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where vectors go; the file appears when it is whole. Default: standard output.")
    private @Nullable Path out;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            defaultValue = "" + EmbeddingSettings.DEFAULT_BATCH_SIZE,
            converter = PositiveConverter.class,
            description = "The most texts that go through the network at once. Default: ${DEFAULT-VALUE}.")
    private int batchSize;

    @Mixin
    private EmbedTexts texts;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        EmbedConverters.Format written = format == null ? EmbedConverters.Format.ofName(out) : format;
        requireTogether(written);
        if (out != null) {
            OutputFile.require(out, "vectors." + written.name().toLowerCase(Locale.ROOT));
            texts.refuseToWrite(out);
        }
        try (DocumentReader documents = texts.open();
                Encoder encoder = encoder()) {
            if (out == null) {
                PrintWriter standard = spec.commandLine().getOut();
                embed(encoder, documents, textSink(written, standard, encoder.width()));
            } else {
                writeFile(out, written, encoder, documents);
            }
            tell(encoder, documents);
        }
        return ExitCode.DONE;
    }

    private void requireTogether(EmbedConverters.Format written) {
        require(out != null || written != EmbedConverters.Format.NPY, "--format: npy needs --out");
        require(!tokens || written == EmbedConverters.Format.JSONL, "--tokens: needs --format jsonl");
        require(!tokens || (pooling == null && !normalize), "--tokens: goes without --pooling and --normalize");
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private Encoder encoder() throws IOException {
        EmbeddingSettings settings = EmbeddingSettings.of(model).withBatchSize(batchSize);
        if (pooling != null) {
            settings = settings.withPooling(pooling);
        }
        if (normalize) {
            settings = settings.withNormalized(true);
        }
        return Encoder.load(model, Engine.start(Device.AUTO, Precision.FLOAT32, 0), settings);
    }

    private void writeFile(Path file, EmbedConverters.Format written, Encoder encoder, DocumentReader documents)
            throws IOException {
        long start = System.nanoTime();
        long count;
        try {
            Files.createDirectories(file.toAbsolutePath().resolveSibling(""));
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
        try (PendingFile pending = PendingFile.begin(file)) {
            EmbeddingSink sink = written == EmbedConverters.Format.NPY
                    ? new NpyEmbeddings(pending.channel(), encoder.width())
                    : textSink(
                            written,
                            new BufferedWriter(Channels.newWriter(pending.channel(), StandardCharsets.UTF_8)),
                            encoder.width());
            count = embed(encoder, documents, sink);
            pending.finish();
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        print(
                spec.commandLine().getOut(),
                "%s: %,d texts, vectors of %d numbers, %,.0f texts/s",
                file,
                count,
                encoder.width(),
                count / seconds);
    }

    private static EmbeddingSink textSink(EmbedConverters.Format written, Writer writer, int width) throws IOException {
        return written == EmbedConverters.Format.CSV
                ? new CsvEmbeddings(writer, width)
                : new JsonLinesEmbeddings(writer);
    }

    /** Returns how many texts there were. */
    private long embed(Encoder encoder, DocumentReader documents, EmbeddingSink sink) throws IOException {
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        long done = 0;
        try {
            for (List<String> chunk = chunk(documents); !chunk.isEmpty(); chunk = chunk(documents)) {
                if (tokens && sink instanceof JsonLinesEmbeddings lines) {
                    lines.write(encoder.embedTokens(chunk));
                } else {
                    sink.write(chunk, encoder.embed(chunk));
                }
                done += chunk.size();
                long now = done;
                status.show(() -> String.format(Locale.ROOT, "%,d texts, %s", now, Clock.of(status.elapsed())));
                if (out == null && spec.commandLine().getOut().checkError()) {
                    break; // nobody reads on
                }
            }
            sink.finish();
        } finally {
            status.clear();
        }
        return done;
    }

    private List<String> chunk(DocumentReader documents) throws IOException {
        List<String> chunk = new ArrayList<>();
        long characters = 0;
        while (chunk.size() < (tokens ? TOKENS_CHUNK : CHUNK) && characters < CHARACTERS) {
            Document document = documents.next();
            if (document == null) {
                break;
            }
            chunk.add(document.text());
            characters += document.text().length();
        }
        return chunk;
    }

    private void tell(Encoder encoder, DocumentReader documents) {
        PrintWriter err = spec.commandLine().getErr();
        if (encoder.truncated() > 0) {
            print(
                    err,
                    "%,d texts were longer than %,d tokens, which is as much as the network takes, and were cut",
                    encoder.truncated(),
                    encoder.maximumLength());
        }
        StandardLines.tellInvalid(documents.invalidUtf8(), err);
    }

    private static void print(PrintWriter writer, String format, Object... values) {
        writer.println(String.format(Locale.ROOT, format, values));
        writer.flush();
    }
}
