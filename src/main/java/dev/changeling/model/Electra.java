package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.Workspace;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Generator and discriminator, what they share (Clark et al., arXiv 2003.10555, section 3.1: the embeddings), and all
 * their parameters.
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
    private final Set<Head> heads;

    /**
     * Builds both networks with all parameters 0; see {@link Initialization} for starting weights. The discriminator
     * detects replaced tokens.
     *
     * @param vocabularySize V
     */
    public Electra(Engine engine, ModelConfig config, int vocabularySize) {
        this(engine, config, vocabularySize, Set.of(Head.REPLACED_TOKENS));
    }

    /**
     * Builds both networks with all parameters 0.
     *
     * @param vocabularySize V
     * @param heads on the trunks
     */
    public Electra(Engine engine, ModelConfig config, int vocabularySize, Set<Head> heads) {
        this(engine, config, vocabularySize, heads, null);
    }

    private Electra(
            Engine engine, ModelConfig config, int vocabularySize, Set<Head> heads, @Nullable Electra original) {
        this.engine = engine;
        this.config = config;
        this.vocabularySize = vocabularySize;
        this.heads = Set.copyOf(heads);
        workspace = new Workspace(engine);
        Trunks trunks = Trunks.declare(parameters, config, vocabularySize);
        generator =
                new Generator(parameters, config, vocabularySize, trunks.generator(), trunks.generatorTables(), heads);
        discriminator = new Discriminator(
                parameters, config, vocabularySize, trunks.discriminator(), trunks.discriminatorTables(), heads);
        if (original == null) {
            parameters.allocate(engine);
        } else {
            parameters.share(engine, original.parameters);
        }
    }

    @Override
    public Electra replica() {
        return new Electra(engine, config, vocabularySize, heads, this);
    }

    /** Returns whether the discriminator can tell replaced tokens. */
    public boolean detects() {
        return heads.contains(Head.REPLACED_TOKENS);
    }

    /** Returns V. */
    public int vocabularySize() {
        return vocabularySize;
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
