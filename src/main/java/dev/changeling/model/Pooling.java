package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * How the hidden states of a sequence's tokens become one vector (Reimers and Gurevych, arXiv 1908.10084, section 3).
 */
public enum Pooling {
    /** The state of [CLS]. */
    CLS {
        @Override
        public Tensor pool(Tensor hidden_BSH, PackedInput input) {
            return TransformerEncoder.flat(hidden_BSH).index_select(0, input.first_N());
        }
    },
    /** The mean over all tokens but padding; [CLS] and [SEP] count, as they do in sentence-transformers. */
    MEAN {
        @Override
        public Tensor pool(Tensor hidden_BSH, PackedInput input) {
            // Where each sequence begins among the real tokens: libtorch's mean over bags of rows.
            Tensor offsets_N = torch.searchsorted(input.real_T(), input.first_N());
            return new Tensor(torch.embedding_bag(
                            TransformerEncoder.flat(hidden_BSH),
                            input.real_T(),
                            offsets_N,
                            false,
                            MEAN_OF_BAG,
                            false,
                            new TensorOptional(),
                            false)
                    .get0());
        }
    };

    private static final long MEAN_OF_BAG = 1;

    /**
     * Returns a vector for each sequence, [N, H]; autograd can differentiate it.
     *
     * @param hidden_BSH an encoder's hidden states
     * @param input what they were computed from
     */
    public abstract Tensor pool(Tensor hidden_BSH, PackedInput input);
}
