package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws the generator's replacements from softmax(logits / T), with no gradient through the draw.
 *
 * <p>One uniform number a position and the cumulative distribution give the same draws as Gumbel noise on every logit
 * (google run_pretraining.py:222-229), at a fraction of the cost.
 *
 * @param temperature T; below 1 the draws are sharper, above 1 more even
 */
public record Sampler(double temperature) {

    /**
     * Returns one token a position, [M].
     *
     * @param logits_MV the generator's logits
     * @param uniform_M a number in [0, 1) for each position
     */
    public Tensor sample(Tensor logits_MV, Tensor uniform_M) {
        Tensor scaled_MV = logits_MV.detach().to(torch.ScalarType.Float);
        if (temperature != 1) {
            scaled_MV = scaled_MV.div(new Scalar(temperature));
        }
        Tensor cumulative_MV = torch.softmax(scaled_MV, 1).cumsum_(1);
        // The sums end a rounding error away from 1; scaling by the last keeps every draw inside the vocabulary.
        Tensor total_M1 = cumulative_MV.narrow(1, cumulative_MV.size(1) - 1, 1);
        Tensor sought_M1 = uniform_M.unsqueeze(1).mul(total_M1);
        Tensor token_M1 = torch.searchsorted(
                cumulative_MV,
                sought_M1,
                false,
                true,
                new org.bytedeco.pytorch.StringViewOptional(),
                new org.bytedeco.pytorch.TensorOptional());
        return token_M1.squeeze(1).clamp_max(new Scalar(cumulative_MV.size(1) - 1));
    }
}
