package dev.changeling.evaluation;

import dev.changeling.tensor.HostCopy;
import dev.changeling.tensor.MeanCosine;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How much an encoder's states keep apart. A discriminator needs one direction for its verdict; one that has squeezed
 * all its states into a few is of little use for anything else (Meng et al., COCO-LM, arXiv 2102.08473).
 *
 * @param meanCosine of the states of two tokens, see {@link MeanCosine}
 * @param effectiveRank the number of directions in use: the exponential of the entropy of the shares that the
 *     covariance's eigenvalues have in their sum (as Roy and Vetterli, EUSIPCO 2007, of singular values); from 1 to H
 */
public record Representation(double meanCosine, double effectiveRank) {

    /** Not a number: nothing was looked at. */
    static final Representation UNKNOWN = new Representation(Double.NaN, Double.NaN);

    /**
     * Measures the states of some tokens, [T, H] row-major.
     *
     * @return {@link #UNKNOWN} of fewer than two
     */
    static Representation of(float[] states_TH, int width) {
        int tokens = width == 0 ? 0 : states_TH.length / width;
        if (tokens < 2) {
            return UNKNOWN;
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor states = torch.empty(tokens, width);
            HostCopy.fromFloats(states_TH, states);
            return new Representation(MeanCosine.ofRows(states), effectiveRank(states));
        }
    }

    private static double effectiveRank(Tensor states_TH) {
        Tensor mean_H = states_TH.mean(0);
        Tensor centred_TH = states_TH.sub(mean_H);
        Tensor covariance_HH = torch.mm(centred_TH.t(), centred_TH).to(torch.ScalarType.Double);
        float[] values = HostCopy.toFloats(torch.linalg_eigvalsh(covariance_HH).to(torch.ScalarType.Float));
        double[] positive = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.max(0, values[i]))
                .toArray();
        double sum = Arrays.stream(positive).sum();
        double entropy = Arrays.stream(positive)
                .map(value -> value / sum)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
        return sum > 0 ? Math.exp(entropy) : 1;
    }
}
