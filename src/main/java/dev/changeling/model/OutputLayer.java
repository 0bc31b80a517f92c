package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The last layer of the generator, from E numbers a position to logits over the vocabulary. Its weights are the word
 * table.
 */
public final class OutputLayer {
    private final EmbeddingTables embeddings;
    private final Parameter bias;

    OutputLayer(ParameterStore store, String prefix, EmbeddingTables embeddings, int vocabularySize) {
        this.embeddings = embeddings;
        this.bias = store.declare(prefix + "generator_lm_head.bias", Parameter.Kind.BIAS, vocabularySize);
    }

    /** Returns the word table, [V, E]. */
    public Tensor weight_VE() {
        return embeddings.words_VE();
    }

    /** Returns the bias of each token, [V]. */
    public Tensor bias_V() {
        return bias.tensor();
    }

    /** Adds gradients of the weights and the bias, times a factor, a scalar; outside of autograd. */
    public void addGradients(Tensor ofWeight_VE, Tensor ofBias_V, Tensor factor) {
        embeddings.addWordGradient(ofWeight_VE, factor);
        bias.addGradient(ofBias_V, factor);
    }

    /** Returns the logits, [M, V]. */
    Tensor logits(Tensor hidden_ME) {
        return torch.linear(hidden_ME, weight_VE(), new TensorOptional(bias_V()));
    }
}
