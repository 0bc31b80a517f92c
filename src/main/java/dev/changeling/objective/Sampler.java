package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws the generator's replacements from softmax(logits / T).
 *
 * <p>One uniform number a position and the cumulative distribution give the same draws as Gumbel noise on every logit
 * (google run_pretraining.py:222-229), at a fraction of the cost. The distribution is summed up in two steps, over
 * tiles of the vocabulary and then within one tile, since running sums are slow.
 *
 * @param temperature T; below 1 the draws are sharper, above 1 more even
 */
public record Sampler(double temperature) {
    private static final int TILE = 128;

    /**
     * Returns one token a position, [M].
     *
     * @param likelihoods_MV the softmax of the logits at temperature 1, or any multiple of it
     * @param uniform_M a number in [0, 1) for each position
     */
    Tensor sample(Tensor likelihoods_MV, Tensor uniform_M) {
        Tensor weights_MV = temperature == 1 ? likelihoods_MV : likelihoods_MV.pow(new Scalar(1 / temperature));
        Tensor tiles_MK = tiles(weights_MV).cumsum_(1);
        Tensor sought_M1 = uniform_M.unsqueeze(1).mul(last(tiles_MK));
        Tensor tile_M1 = columnOf(sought_M1, tiles_MK);

        Tensor columns_MW = tile_M1.mul(new Scalar(TILE)).add(torch.arange(new Scalar(TILE), tile_M1.options()));
        Tensor inside_MW = columns_MW.lt(new Scalar(weights_MV.size(1)));
        columns_MW = columns_MW.clamp_max_(new Scalar(weights_MV.size(1) - 1));
        Tensor running_MW = weights_MV.gather(1, columns_MW).mul_(inside_MW).cumsum_(1);
        Tensor before_M1 = tiles_MK.gather(1, tile_M1).sub_(last(running_MW));
        Tensor token_M1 =
                columns_MW.gather(1, columnOf(sought_M1.sub_(before_M1).clamp_min_(new Scalar(0)), running_MW));
        return token_M1.squeeze(1);
    }

    /** Returns the sum of each tile, [M, K]. */
    private static Tensor tiles(Tensor weights_MV) {
        long whole = weights_MV.size(1) / TILE;
        long rest = weights_MV.size(1) % TILE;
        Tensor sums_MK = weights_MV
                .narrow(1, 0, whole * TILE)
                .unflatten(1, new long[] {whole, TILE})
                .sum(new long[] {2}, false, new ScalarTypeOptional());
        if (rest == 0) {
            return sums_MK;
        }
        Tensor end_M1 = weights_MV.narrow(1, whole * TILE, rest).sum(new long[] {1}, true, new ScalarTypeOptional());
        return torch.cat(new TensorVector(sums_MK, end_M1), 1);
    }

    /**
     * Returns the first column whose running sum is above what is sought, [M, 1]; if rounding left none above it, the
     * last that has a weight at all.
     */
    private static Tensor columnOf(Tensor sought_M1, Tensor running_MN) {
        Tensor above_M1 = search(running_MN, sought_M1, true);
        Tensor lastWithWeight_M1 = search(running_MN, last(running_MN), false);
        // Weights that are not numbers have no such column; the step's finite check is to see them, not this.
        return torch.minimum(above_M1, lastWithWeight_M1).clamp_max_(new Scalar(running_MN.size(1) - 1));
    }

    private static Tensor search(Tensor running_MN, Tensor sought_M1, boolean above) {
        return torch.searchsorted(
                running_MN, sought_M1.contiguous(), false, above, new StringViewOptional(), new TensorOptional());
    }

    private static Tensor last(Tensor running_MN) {
        return running_MN.narrow(1, running_MN.size(1) - 1, 1);
    }
}
