package dev.changeling.model;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How the hidden states of a sequence's tokens become one vector (Reimers and Gurevych, arXiv 1908.10084, section 3).
 */
public enum Pooling {
    /** The state of [CLS]. */
    CLS {
        @Override
        public Tensor pool(Tensor hidden_BSH, PackedInput input) {
            return hidden_BSH.select(1, 0);
        }
    },
    /** The mean over all tokens but padding; [CLS] and [SEP] count, as they do in sentence-transformers. */
    MEAN {
        @Override
        public Tensor pool(Tensor hidden_BSH, PackedInput input) {
            Tensor real_BS1 = hidden_BSH
                    .new_zeros(hidden_BSH.size(0) * hidden_BSH.size(1))
                    .index_fill(0, input.real_T(), new Scalar(1.0))
                    .view(hidden_BSH.size(0), hidden_BSH.size(1), 1);
            Tensor weights_BS1 = real_BS1.div(real_BS1.sum(1).unsqueeze(1));
            return torch.bmm(weights_BS1.transpose(1, 2), hidden_BSH).squeeze(1);
        }
    };

    /**
     * Returns a vector for each row, [B, H]; autograd can differentiate it.
     *
     * @param hidden_BSH an encoder's hidden states
     * @param input what they were computed from: one sequence a row
     */
    public abstract Tensor pool(Tensor hidden_BSH, PackedInput input);
}
