package dev.changeling.bench;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.objective.VocabularyBlocks;
import dev.changeling.tensor.Product;
import dev.changeling.tensor.ProductRate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The rate of every matrix product of a training step, each by itself. */
public final class GemmBench {
    /** Masked positions whose logits are computed at once, as the joint objective does. */
    private static final int BLOCK = VocabularyBlocks.SIZE;

    private GemmBench() {}

    /**
     * A product and where it stands.
     *
     * @param network {@code generator} or {@code discriminator}
     * @param name of the layer
     * @param product its shape
     */
    public record Named(String network, String name, Product product) {}

    /**
     * The rates of a product's three directions, in 10⁹ floating-point operations a second, all threads together.
     *
     * @param forward Y = X · Wᵀ
     * @param inputGradient dX = dY · W
     * @param weightGradient dW = dYᵀ · X
     */
    public record Rates(Named of, double forward, double inputGradient, double weightGradient) {}

    /**
     * Returns the products of one device batch.
     *
     * @param length S, tokens a row
     * @param vocabulary V
     */
    public static List<Named> products(RunConfig config, int length, int vocabulary) {
        ModelConfig model = config.model();
        long rows = config.training().deviceBatchSize();
        long tokens = rows * length;
        long embedding = model.embeddingSize();
        long generated = model.generator().hiddenSize();
        long judged = model.discriminator().hiddenSize();
        // About as many as are masked; how many there are in a batch depends on its sequences.
        long masked = Math.max(1, (long) (config.objective().masking().fraction() * tokens));

        List<Named> products = new ArrayList<>();
        addTrunk(products, "generator", model.generator(), embedding, rows, length);
        products.add(named("generator", "head", Product.matrices(1, masked, generated, embedding)));
        products.add(
                named("generator", "vocabulary", Product.matrices(1, Math.min(masked, BLOCK), embedding, vocabulary)));
        addTrunk(products, "discriminator", model.discriminator(), embedding, rows, length);
        products.add(named("discriminator", "head", Product.matrices(1, tokens, judged, judged)));
        return List.copyOf(products);
    }

    private static void addTrunk(
            List<Named> products, String network, NetworkConfig config, long embedding, long rows, long length) {
        long tokens = rows * length;
        long hidden = config.hiddenSize();
        long head = hidden / config.heads();
        if (embedding != hidden) {
            products.add(named(network, "embedding projection", Product.layer(tokens, embedding, hidden)));
        }
        products.add(named(network, "query, key, value", Product.layer(tokens, hidden, 3 * hidden)));
        products.add(named(network, "attention scores", Product.matrices(rows * config.heads(), length, head, length)));
        products.add(named(network, "attention values", Product.matrices(rows * config.heads(), length, length, head)));
        products.add(named(network, "attention output", Product.layer(tokens, hidden, hidden)));
        products.add(named(network, "feed-forward in", Product.layer(tokens, hidden, config.intermediateSize())));
        products.add(named(network, "feed-forward out", Product.layer(tokens, config.intermediateSize(), hidden)));
    }

    private static Named named(String network, String name, Product product) {
        return new Named(network, name, product);
    }

    /**
     * Measures.
     *
     * @param progress hears what is measured next
     */
    public static List<Rates> run(ProductRate rate, List<Named> products, Consumer<Named> progress) {
        List<Rates> rates = new ArrayList<>();
        for (Named named : products) {
            progress.accept(named);
            rates.add(new Rates(
                    named,
                    rate.gigaflops(named.product(), Product.Direction.FORWARD),
                    rate.gigaflops(named.product(), Product.Direction.INPUT_GRADIENT),
                    rate.gigaflops(named.product(), Product.Direction.WEIGHT_GRADIENT)));
        }
        return List.copyOf(rates);
    }
}
