package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;

/**
 * A discriminator that stands alone, with embedding tables of its own: what is left of an {@link Electra} after
 * pre-training.
 *
 * <p>Safe for use by several threads as long as none of them trains or closes it.
 */
public final class DiscriminatorModel implements AutoCloseable {
    private final ParameterStore parameters = new ParameterStore();
    private final Discriminator discriminator;
    private final ModelConfig config;
    private final Engine engine;

    /**
     * Builds the network with all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     */
    public DiscriminatorModel(Engine engine, ModelConfig config, int vocabularySize) {
        this.engine = engine;
        this.config = config;
        EmbeddingTables embeddings = new EmbeddingTables(parameters, Discriminator.PREFIX, config, vocabularySize);
        discriminator = new Discriminator(parameters, config, embeddings);
        parameters.allocate(engine);
    }

    public Discriminator discriminator() {
        return discriminator;
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
