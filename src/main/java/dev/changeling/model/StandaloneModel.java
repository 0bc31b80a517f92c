package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network that stands alone: a trunk with embedding tables of its own, what stands on it, and all their parameters.
 * The names are those of a discriminator's, whatever the head, but for a generator's.
 *
 * <p>Safe for use by several threads as long as none of them trains or closes it.
 *
 * @param <N> the network: the trunk alone, or the head on it
 */
public final class StandaloneModel<N> implements Replicable<StandaloneModel<N>> {
    private final ParameterStore parameters = new ParameterStore();
    private final N network;
    private final ModelConfig config;
    private final Engine engine;
    private final int vocabularySize;
    private final String prefix;
    private final Network<N> declaration;

    @FunctionalInterface
    private interface Head<N> {
        N declare(ParameterStore store, ModelConfig config, TransformerEncoder encoder);
    }

    @FunctionalInterface
    private interface Network<N> {
        N declare(ParameterStore store, EmbeddingTables embeddings);
    }

    private StandaloneModel(
            Engine engine,
            ModelConfig config,
            int vocabularySize,
            String prefix,
            Network<N> declaration,
            @Nullable StandaloneModel<N> original) {
        this.engine = engine;
        this.config = config;
        this.vocabularySize = vocabularySize;
        this.prefix = prefix;
        this.declaration = declaration;
        network = declaration.declare(parameters, new EmbeddingTables(parameters, prefix, config, vocabularySize));
        if (original == null) {
            parameters.allocate(engine);
        } else {
            parameters.share(engine, original.parameters);
        }
    }

    @Override
    public StandaloneModel<N> replica() {
        return new StandaloneModel<>(engine, config, vocabularySize, prefix, declaration, this);
    }

    private static <N> StandaloneModel<N> withHead(
            Engine engine, ModelConfig config, int vocabularySize, Head<N> head) {
        return new StandaloneModel<>(
                engine,
                config,
                vocabularySize,
                Discriminator.PREFIX,
                (store, embeddings) -> head.declare(store, config, Discriminator.trunk(store, config, embeddings)),
                null);
    }

    /**
     * Builds a generator, all parameters 0.
     *
     * @param config its discriminator is not looked at
     * @param vocabularySize V
     */
    public static StandaloneModel<Generator> generator(Engine engine, ModelConfig config, int vocabularySize) {
        return new StandaloneModel<>(
                engine,
                config,
                vocabularySize,
                Generator.PREFIX,
                (store, embeddings) -> new Generator(
                        store,
                        config,
                        vocabularySize,
                        Generator.trunk(store, config, embeddings),
                        embeddings,
                        Set.of()),
                null);
    }

    /**
     * Builds a trunk without a head, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     */
    public static StandaloneModel<TransformerEncoder> encoder(Engine engine, ModelConfig config, int vocabularySize) {
        return withHead(engine, config, vocabularySize, (store, shape, encoder) -> encoder);
    }

    /**
     * Builds what is left of an {@link Electra} after pre-training, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     */
    public static StandaloneModel<Discriminator> discriminator(Engine engine, ModelConfig config, int vocabularySize) {
        return withHead(engine, config, vocabularySize, Discriminator::new);
    }

    /**
     * Builds a classifier of sequences, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     * @param labels K
     */
    public static StandaloneModel<TaskNetwork> sequenceClassifier(
            Engine engine, ModelConfig config, int vocabularySize, int labels) {
        return withHead(
                engine,
                config,
                vocabularySize,
                (store, shape, encoder) -> new SequenceClassifier(store, shape, encoder, labels));
    }

    /**
     * Builds a classifier of tokens, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     * @param labels K
     */
    public static StandaloneModel<TaskNetwork> tokenClassifier(
            Engine engine, ModelConfig config, int vocabularySize, int labels) {
        return withHead(
                engine,
                config,
                vocabularySize,
                (store, shape, encoder) -> new TokenClassifier(store, shape, encoder, labels));
    }

    /**
     * Builds a network that finds answers in a text, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     */
    public static StandaloneModel<TaskNetwork> answerFinder(Engine engine, ModelConfig config, int vocabularySize) {
        return withHead(engine, config, vocabularySize, AnswerFinder::new);
    }

    /**
     * Builds a network that makes a vector of a sequence, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     */
    public static StandaloneModel<TaskNetwork> sentenceEncoder(
            Engine engine, ModelConfig config, int vocabularySize, Pooling pooling) {
        return withHead(
                engine, config, vocabularySize, (store, shape, encoder) -> new SentenceEncoder(encoder, pooling));
    }

    public N network() {
        return network;
    }

    @Override
    public ParameterStore parameters() {
        return parameters;
    }

    public ModelConfig config() {
        return config;
    }

    /** Returns what stands before Hugging Face's names in those of the parameters. */
    public String prefix() {
        return prefix;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public void close() {
        parameters.close();
    }
}
