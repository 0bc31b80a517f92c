package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/**
 * What is added to the summed embeddings of some positions, before their LayerNorm.
 *
 * @param positions_M flat indices into B·S, each once
 * @param shift_ME what is added there, [M, E]
 */
public record EmbeddingShift(Tensor positions_M, Tensor shift_ME) {

    Tensor applyTo(Tensor sum_BSE) {
        return TransformerEncoder.flat(sum_BSE)
                .index_add(0, positions_M, shift_ME)
                .view(sum_BSE.shape());
    }
}
