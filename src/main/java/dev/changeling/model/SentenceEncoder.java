package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/**
 * Makes one vector of a sequence. It has no parameters of its own.
 *
 * @param encoder the trunk
 * @param pooling how the vectors of the tokens become one
 */
public record SentenceEncoder(TransformerEncoder encoder, Pooling pooling) implements TaskNetwork {

    /** Returns the vector of every sequence, [N, H]. */
    @Override
    public Tensor outputs(PackedInput input, Dropout dropout) {
        return pooling.pool(encoder.encode(input, dropout), input);
    }

    @Override
    public boolean judgesTokens() {
        return false;
    }
}
