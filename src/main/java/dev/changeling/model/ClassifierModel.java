package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;

/**
 * A {@link Classifier} that stands alone: a trunk as a discriminator's, with embedding tables of its own, a head, and
 * all their parameters. The trunk's have the names that {@link DiscriminatorModel} gives them.
 *
 * <p>Safe for use by several threads as long as none of them trains or closes it.
 *
 * @param <C> the head
 */
public final class ClassifierModel<C extends Classifier> implements AutoCloseable {
    private final ParameterStore parameters = new ParameterStore();
    private final C classifier;
    private final ModelConfig config;
    private final Engine engine;

    @FunctionalInterface
    private interface Head<C> {
        C declare(ParameterStore store, ModelConfig config, Encoder encoder, int labels);
    }

    private ClassifierModel(Engine engine, ModelConfig config, int vocabularySize, int labels, Head<C> head) {
        this.engine = engine;
        this.config = config;
        EmbeddingTables embeddings = new EmbeddingTables(parameters, Discriminator.PREFIX, config, vocabularySize);
        Encoder encoder = new Encoder(parameters, Discriminator.PREFIX, config, config.discriminator(), embeddings);
        classifier = head.declare(parameters, config, encoder, labels);
        parameters.allocate(engine);
    }

    /**
     * Builds a classifier of sequences with all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     * @param labels K
     */
    public static ClassifierModel<SequenceClassifier> ofSequences(
            Engine engine, ModelConfig config, int vocabularySize, int labels) {
        return new ClassifierModel<>(engine, config, vocabularySize, labels, SequenceClassifier::new);
    }

    /**
     * Builds a classifier of tokens with all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     * @param labels K
     */
    public static ClassifierModel<TokenClassifier> ofTokens(
            Engine engine, ModelConfig config, int vocabularySize, int labels) {
        return new ClassifierModel<>(engine, config, vocabularySize, labels, TokenClassifier::new);
    }

    public C classifier() {
        return classifier;
    }

    public ParameterStore parameters() {
        return parameters;
    }

    public ModelConfig config() {
        return config;
    }

    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        parameters.close();
    }
}
