package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.Workspace;
import org.jspecify.annotations.Nullable;

/**
 * Generator and discriminator with shared embeddings (Clark et al., arXiv 2003.10555, section 3.1), and all their
 * parameters.
 *
 * <p>Not safe for use by several threads: whoever sends batches through it uses its {@link #workspace()}.
 */
public final class Electra implements Replicable<Electra> {
    /** The prefix of the names of parameters that belong to both networks. */
    public static final String SHARED = "shared.";

    private final ParameterStore parameters = new ParameterStore();
    private final Generator generator;
    private final Discriminator discriminator;
    private final Workspace workspace;
    private final Engine engine;
    private final ModelConfig config;
    private final int vocabularySize;

    /**
     * Builds both networks with all parameters 0; see {@link Initialization} for starting weights.
     *
     * @param vocabularySize V
     */
    public Electra(Engine engine, ModelConfig config, int vocabularySize) {
        this(engine, config, vocabularySize, null);
    }

    private Electra(Engine engine, ModelConfig config, int vocabularySize, @Nullable Electra original) {
        this.engine = engine;
        this.config = config;
        this.vocabularySize = vocabularySize;
        workspace = new Workspace(engine);
        EmbeddingTables shared = new EmbeddingTables(parameters, SHARED, config, vocabularySize);
        generator = new Generator(parameters, config, vocabularySize, shared);
        discriminator = new Discriminator(parameters, config, Discriminator.trunk(parameters, config, shared));
        if (original == null) {
            parameters.allocate(engine);
        } else {
            parameters.share(engine, original.parameters);
        }
    }

    @Override
    public Electra replica() {
        return new Electra(engine, config, vocabularySize, this);
    }

    public Generator generator() {
        return generator;
    }

    public Discriminator discriminator() {
        return discriminator;
    }

    @Override
    public ParameterStore parameters() {
        return parameters;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    /** Returns buffers for whoever sends batches through this model. */
    public Workspace workspace() {
        return workspace;
    }

    @Override
    public void close() {
        workspace.close();
        parameters.close();
    }
}
