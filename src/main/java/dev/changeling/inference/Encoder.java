package dev.changeling.inference;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.hub.SentenceModules;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes vectors of texts and of their tokens. A text that is longer than the network takes is cut at its end; an empty
 * one is [CLS] and [SEP] alone.
 *
 * <p>Safe for use by several threads; {@link #close} waits for those that are at work, and frees the native memory. On
 * the CPU, batches are spread over the engine's threads, and what one batch gives depends on the others in nothing but
 * rounding.
 */
public final class Encoder implements AutoCloseable {
    private final OpenNetwork<TransformerEncoder> network;
    private final SequenceBuilder builder;
    private final EmbeddingSettings settings;
    private final SequenceEncoder sequences;
    private final AtomicLong truncated = new AtomicLong();

    /**
     * Makes an encoder.
     *
     * @param pretrained closed with this encoder
     * @param maximumLength where texts are cut, in tokens, [CLS] and [SEP] included; at least 3, and no more than the
     *     network takes
     */
    public Encoder(Pretrained<TransformerEncoder> pretrained, EmbeddingSettings settings, int maximumLength) {
        this.network = new OpenNetwork<>(pretrained, "encoder");
        this.settings = settings;
        this.builder = new SequenceBuilder(pretrained.tokenizer().vocabulary().special(), maximumLength);
        this.sequences = new SequenceEncoder(pretrained, settings.batchSize());
    }

    /**
     * Opens any ELECTRA's folder, on CUDA if there is one, else on all cores, with the settings that the folder asks
     * for.
     *
     * @throws InputException as {@link #load(Path, Engine, EmbeddingSettings)} does
     * @throws IOException if a file can't be read
     */
    public static Encoder load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens any ELECTRA's folder, with the settings that the folder asks for.
     *
     * @throws InputException as {@link #load(Path, Engine, EmbeddingSettings)} does
     * @throws IOException if a file can't be read
     */
    public static Encoder load(Path folder, Engine engine) throws IOException {
        return load(folder, engine, EmbeddingSettings.of(folder));
    }

    /**
     * Opens any ELECTRA's folder: a discriminator, an encoder alone, or one that was fine-tuned; its head is not used.
     *
     * @throws InputException as {@link HuggingFaceImport#readEncoder} and {@link SentenceModules#read} do
     * @throws IOException if a file can't be read
     */
    public static Encoder load(Path folder, Engine engine, EmbeddingSettings settings) throws IOException {
        int wanted = SentenceModules.read(folder).maximumLength().orElse(Integer.MAX_VALUE);
        Pretrained<TransformerEncoder> pretrained = HuggingFaceImport.readEncoder(folder, engine);
        return new Encoder(pretrained, settings, Math.max(3, Math.min(wanted, pretrained.sequenceLength())));
    }

    /** Returns H, the length of a vector. */
    public int width() {
        return sequences.width();
    }

    /** Returns the most tokens that a text can have, [CLS] and [SEP] included; longer ones are cut. */
    public int maximumLength() {
        return builder.maximumLength();
    }

    /** Returns how many of the texts so far were cut. */
    public long truncated() {
        return truncated.get();
    }

    /**
     * Returns a vector of H numbers for each text, in the order given.
     *
     * @throws IllegalStateException if the encoder is closed
     */
    public float[][] embed(List<String> texts) {
        return network.use(pretrained -> {
            List<Sequence> cut = new ArrayList<>();
            for (String text : texts) {
                cut.add(sequence(pretrained.tokenizer().ids(text)));
            }
            float[][] vectors = sequences.pool(cut, settings.pooling());
            if (settings.normalized()) {
                Arrays.stream(vectors).forEach(Encoder::normalize);
            }
            return vectors;
        });
    }

    /**
     * Returns the last hidden state of each token of each text, in the order given. Neither pooled nor normalised.
     *
     * @throws IllegalStateException if the encoder is closed
     */
    public List<TokenEmbeddings> embedTokens(List<String> texts) {
        return network.use(pretrained -> {
            List<Encoding> encodings =
                    texts.stream().map(pretrained.tokenizer()::encode).toList();
            float[][] states = sequences.states(
                    encodings.stream().map(encoding -> sequence(encoding.ids())).toList());
            List<TokenEmbeddings> embeddings = new ArrayList<>();
            for (int i = 0; i < states.length; i++) {
                embeddings.add(tokens(texts.get(i), encodings.get(i), states[i]));
            }
            return embeddings;
        });
    }

    private Sequence sequence(int[] ids) {
        Sequence sequence = builder.of(ids);
        if (sequence.length() < ids.length + 2) {
            truncated.incrementAndGet();
        }
        return sequence;
    }

    /** @param states [S, H], those of [CLS] and [SEP] included */
    private TokenEmbeddings tokens(String text, Encoding encoding, float[] states) {
        List<TokenEmbedding> tokens = new ArrayList<>();
        int count = states.length / width() - 2;
        for (int token = 0; token < count; token++) {
            int start = encoding.starts()[token];
            int end = encoding.ends()[token];
            float[] vector = Arrays.copyOfRange(states, (token + 1) * width(), (token + 2) * width());
            tokens.add(new TokenEmbedding(text.substring(start, end), start, end, vector));
        }
        return new TokenEmbeddings(text, count < encoding.ids().length, tokens);
    }

    private static void normalize(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        double length = Math.sqrt(sum);
        for (int i = 0; i < vector.length && length > 0; i++) {
            vector[i] = (float) (vector[i] / length);
        }
    }

    @Override
    public void close() {
        network.close(sequences::close);
    }
}
