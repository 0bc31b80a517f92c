package dev.changeling.inference;

import dev.changeling.error.InputException;
import dev.changeling.hub.SentenceModules;
import dev.changeling.model.Pooling;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How an {@link Encoder} makes vectors.
 *
 * @param pooling how a text's tokens are joined
 * @param normalized whether vectors of texts are scaled to length 1 (Euclidean); a vector of zeros stays one
 * @param batchSize the most texts that go through the network at once, at least 1; speed and memory only
 */
public record EmbeddingSettings(Pooling pooling, boolean normalized, int batchSize) {
    /** How many texts go through the network at once if nothing else is said. */
    public static final int DEFAULT_BATCH_SIZE = 32;

    /** What vectors are made with where a folder says nothing: the mean, not normalised. */
    public static final EmbeddingSettings DEFAULT = new EmbeddingSettings(Pooling.MEAN, false, DEFAULT_BATCH_SIZE);

    public EmbeddingSettings {
        if (batchSize < 1) {
            throw new IllegalArgumentException("the batch size must be at least 1, not " + batchSize);
        }
    }

    /**
     * Returns what a folder says, if it is of sentence-transformers' form, and otherwise {@link #DEFAULT}.
     *
     * @throws InputException as {@link SentenceModules#read} does
     * @throws IOException if a file can't be read
     */
    public static EmbeddingSettings of(Path folder) throws IOException {
        SentenceModules modules = SentenceModules.read(folder);
        return new EmbeddingSettings(
                modules.pooling().orElse(DEFAULT.pooling), modules.normalizes(), DEFAULT_BATCH_SIZE);
    }

    /** Returns the same with another pooling. */
    public EmbeddingSettings withPooling(Pooling other) {
        return new EmbeddingSettings(other, normalized, batchSize);
    }

    /** Returns the same with vectors scaled to length 1, or not. */
    public EmbeddingSettings withNormalized(boolean other) {
        return new EmbeddingSettings(pooling, other, batchSize);
    }

    /** Returns the same with another number of texts at once. */
    public EmbeddingSettings withBatchSize(int other) {
        return new EmbeddingSettings(pooling, normalized, other);
    }
}
