package dev.changeling.bench;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;

/**
 * The floating-point operations that a step's forward pass can't do without: its matrix products, on real tokens, a
 * multiplication and an addition each counted. Padding, attention across sequences, whatever is computed twice, and all
 * that is no product (LayerNorm, softmax, GELU, dropout, the optimizer) don't count; so a faster way to the same result
 * has a higher rate, and a slower one does not.
 *
 * <p>With T real tokens, P pairs of tokens of one sequence, M masked positions, vocabulary V, embedding width E, and a
 * network of L layers, width H, feed-forward width I:
 *
 * <ul>
 *   <li>trunk: {@code L · (8·T·H² + 4·T·H·I + 4·P·H)}, and {@code 2·T·E·H} if E ≠ H: query, key, value and output; the
 *       two feed-forward products; scores and values; the embeddings' projection
 *   <li>each of the generator's heads: {@code 2·M·H·E + 2·M·E·V}
 *   <li>discriminator's head: {@code 2·T·H² + 2·T·H}
 * </ul>
 *
 * @param generatorTrunk of the generator's layers
 * @param generatorHead of its head
 * @param discriminatorTrunk of the discriminator's layers
 * @param discriminatorHead of its head
 */
public record UsefulFlops(
        double generatorTrunk, double generatorHead, double discriminatorTrunk, double discriminatorHead) {

    /**
     * Counts.
     *
     * @param vocabulary V
     */
    static UsefulFlops of(ModelConfig model, long vocabulary, BatchWork work) {
        double tokens = work.tokens();
        double masked = work.masked();
        double embedding = model.embeddingSize();
        double generated = model.generator().hiddenSize();
        double judged = model.discriminator().hiddenSize();
        return new UsefulFlops(
                trunk(model, model.generator(), work),
                model.generatorHeads() * (2 * masked * generated * embedding + 2 * masked * embedding * vocabulary),
                trunk(model, model.discriminator(), work),
                2 * tokens * judged * judged + 2 * tokens * judged);
    }

    static double trunk(ModelConfig model, NetworkConfig network, BatchWork work) {
        double tokens = work.tokens();
        double hidden = network.hiddenSize();
        double layer = 8 * tokens * hidden * hidden
                + 4 * tokens * hidden * network.intermediateSize()
                + 4.0 * work.pairs() * hidden;
        double projection =
                model.embeddingSize() == network.hiddenSize() ? 0 : 2 * tokens * model.embeddingSize() * hidden;
        return network.layers() * layer + projection;
    }

    /** Returns those of the forward pass. */
    public double forward() {
        return generatorTrunk + generatorHead + discriminatorTrunk + discriminatorHead;
    }

    /** Returns those of the forward and the backward pass: each product has two gradients that are as much work. */
    public double step() {
        return 3 * forward();
    }
}
