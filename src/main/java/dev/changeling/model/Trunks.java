package dev.changeling.model;

import dev.changeling.config.ModelConfig;

/**
 * The trunks of both networks and the tables that each reads, as much of them shared as the configuration says.
 *
 * @param generatorTables what the generator's trunk reads
 * @param discriminatorTables what the discriminator's trunk reads
 */
record Trunks(
        EmbeddingTables generatorTables,
        TransformerEncoder generator,
        EmbeddingTables discriminatorTables,
        TransformerEncoder discriminator) {

    static Trunks declare(ParameterStore store, ModelConfig config, int vocabularySize) {
        return switch (config.sharing()) {
            case NONE ->
                apart(
                        store,
                        config,
                        new EmbeddingTables(store, Generator.PREFIX, config, vocabularySize),
                        new EmbeddingTables(store, Discriminator.PREFIX, config, vocabularySize));
            case EMBEDDINGS -> {
                EmbeddingTables shared = new EmbeddingTables(store, Electra.SHARED, config, vocabularySize);
                yield apart(store, config, shared, shared);
            }
            case DISENTANGLED -> {
                EmbeddingTables base = new EmbeddingTables(store, Generator.PREFIX, config, vocabularySize);
                yield apart(
                        store,
                        config,
                        base,
                        EmbeddingTables.over(base, store, Discriminator.PREFIX, config, vocabularySize));
            }
            case ALL -> {
                EmbeddingTables shared = new EmbeddingTables(store, Electra.SHARED, config, vocabularySize);
                TransformerEncoder trunk =
                        new TransformerEncoder(store, Electra.SHARED, config, config.discriminator(), shared);
                yield new Trunks(shared, trunk, shared, trunk);
            }
        };
    }

    private static Trunks apart(
            ParameterStore store, ModelConfig config, EmbeddingTables generator, EmbeddingTables discriminator) {
        return new Trunks(
                generator,
                Generator.trunk(store, config, generator),
                discriminator,
                Discriminator.trunk(store, config, discriminator));
    }
}
