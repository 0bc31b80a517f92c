package dev.changeling.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** How the hidden states of a sequence become one vector. */
public enum Pooling {
    /** The hidden state of [CLS]. */
    CLS {
        @Override
        Tensor apply(Tensor hidden_BSH, PackedInput input) {
            return hidden_BSH.select(1, 0);
        }
    },
    /** The mean over the sequence's tokens, [CLS] and [SEP] included, as sentence-transformers' {@code Pooling}. */
    MEAN {
        @Override
        Tensor apply(Tensor hidden_BSH, PackedInput input) {
            Tensor real_BS1 = hidden_BSH
                    .new_zeros(input.tokens_BS().numel())
                    .index_fill_(0, input.real_T(), new Scalar(1))
                    .view(input.tokens_BS().size(0), input.tokens_BS().size(1), 1);
            return hidden_BSH.mul(real_BS1).sum(1).div(real_BS1.sum(1));
        }
    };

    /**
     * Returns the vectors, [B, H].
     *
     * @param input one sequence a row, which begins with [CLS]
     */
    abstract Tensor apply(Tensor hidden_BSH, PackedInput input);
}
