package dev.changeling.objective;

import dev.changeling.model.Electra;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A mixture of what several heads predict at the positions of one block, {@code p = Σ_k α_k · p_k}, outside of
 * autograd.
 *
 * @param heads what each predicts
 * @param parts_RK α, the part of each head at each position; each row adds up to 1
 * @param mixed_RV p, nowhere 0
 * @param draws_RV what is drawn from, a multiple of a distribution
 */
record MixtureBlock(List<PredictedBlock> heads, Tensor parts_RK, Tensor mixed_RV, Tensor draws_RV) {

    /**
     * Mixes.
     *
     * @param model whose buffers are used
     * @param prediction how it is drawn
     * @param targets_R the original tokens
     */
    static MixtureBlock of(
            Electra model, List<PredictedBlock> heads, Tensor parts_RK, MixedPrediction prediction, Tensor targets_R) {
        Tensor mixed_RV = buffer(model, "mixture", parts_RK.size(0)).zero_();
        for (int k = 0; k < heads.size(); k++) {
            Tensor factor_R1 = parts_RK.select(1, k).mul(heads.get(k).scale_R()).unsqueeze(1);
            mixed_RV.addcmul_(heads.get(k).likelihoods_RV(), factor_R1);
        }
        mixed_RV.clamp_min_(new Scalar(Float.MIN_NORMAL));
        return new MixtureBlock(heads, parts_RK, mixed_RV, draws(model, mixed_RV, prediction, targets_R));
    }

    /** Returns a buffer of a block's size, [R, V]. */
    static Tensor buffer(Electra model, String use, long rows) {
        return model.workspace()
                .floats(use, VocabularyBlocks.SIZE, model.vocabularySize())
                .narrow(0, 0, rows);
    }

    private static Tensor draws(Electra model, Tensor mixed_RV, MixedPrediction prediction, Tensor targets_R) {
        double temperature = prediction.temperature();
        if (temperature == 1 && !prediction.disallowCorrect()) {
            return mixed_RV;
        }
        Tensor draws_RV = buffer(model, "tempered mixture", mixed_RV.size(0));
        torch.pow_out(draws_RV, mixed_RV, new Scalar(1 / temperature));
        if (prediction.disallowCorrect()) {
            Tensor targets_R1 = targets_R.unsqueeze(1);
            draws_RV.scatter_(1, targets_R1, torch.zeros_like(draws_RV.narrow(1, 0, 1)));
        }
        return draws_RV;
    }
}
