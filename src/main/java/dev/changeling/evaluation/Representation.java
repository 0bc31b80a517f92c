package dev.changeling.evaluation;

import dev.changeling.tensor.HostCopy;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How much an encoder's states keep apart. A discriminator needs one direction for its verdict; one that has squeezed
 * all its states into a few is of little use for anything else (Meng et al., COCO-LM, arXiv 2102.08473, section 1).
 *
 * @param meanCosine mean cosine of the angle between the states of two tokens: towards 1 if all lie in one cone
 * @param effectiveRank the number of directions in use: the exponential of the entropy of the shares that the
 *     covariance's eigenvalues have in their sum (as Roy and Vetterli, EUSIPCO 2007, of singular values); from 1 to H
 */
public record Representation(double meanCosine, double effectiveRank) {

    /** Measures the states of two tokens or more, [T, H]; outside of autograd. */
    static Representation of(Tensor states_TH) {
        try (PointerScope scope = new PointerScope()) {
            Tensor states = states_TH.to(torch.ScalarType.Float);
            return new Representation(meanCosine(states), effectiveRank(states));
        }
    }

    // The sum over all pairs is the square of the sum's norm, less a 1 for each token with itself.
    private static double meanCosine(Tensor states_TH) {
        double tokens = states_TH.size(0);
        Tensor norms_T1 = states_TH.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
        Tensor directions_TH = states_TH.div(norms_T1.clamp_min_(new Scalar(Float.MIN_NORMAL)));
        double sum = directions_TH.sum(0).norm().item_double();
        double alone = directions_TH.norm().item_double();
        return (sum * sum - alone * alone) / (tokens * (tokens - 1));
    }

    private static double effectiveRank(Tensor states_TH) {
        Tensor mean_H = states_TH.mean(0);
        Tensor centred_TH = states_TH.sub(mean_H);
        // On the CPU everywhere: a small matrix, and the same result each time.
        Tensor covariance_HH = torch.mm(centred_TH.t(), centred_TH).cpu().to(torch.ScalarType.Double);
        float[] values = HostCopy.toFloats(torch.linalg_eigvalsh(covariance_HH).to(torch.ScalarType.Float));
        double[] positive = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.max(0, values[i]))
                .toArray();
        double sum = java.util.Arrays.stream(positive).sum();
        double entropy = java.util.Arrays.stream(positive)
                .map(value -> value / sum)
                .filter(share -> share > 0)
                .map(share -> -share * Math.log(share))
                .sum();
        return sum > 0 ? Math.exp(entropy) : 1;
    }
}
