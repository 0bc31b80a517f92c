package dev.changeling.objective;

import dev.changeling.model.PackedInput;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Writes the replacements into the original text and labels every token. A sample that happens to be the original
 * counts as original (google run_pretraining.py:234-235).
 */
public final class Replacement {

    /**
     * @param original the batch as it was
     * @param masked where the samples go
     * @param samples_M the replacements
     */
    public Replaced apply(PackedInput original, Masked masked, Tensor samples_M) {
        Tensor tokens_N = original.tokens_BS().reshape(-1);
        Tensor corrupted_N = tokens_N.index_copy(0, masked.positions_M(), samples_M);
        Tensor labels_T = corrupted_N.ne(tokens_N).to(torch.ScalarType.Float).index_select(0, original.real_T());
        PackedInput input =
                original.withTokens(corrupted_N.view(original.tokens_BS().shape()));
        return new Replaced(input, labels_T);
    }
}
