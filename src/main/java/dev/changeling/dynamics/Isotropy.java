package dev.changeling.dynamics;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How evenly the rows of a word table point into all directions.
 *
 * @param meanCosine mean cosine of the angle between two different rows: 0 if they point anywhere, towards 1 if all lie
 *     in one cone (Ethayarajh, arXiv 1909.00512, section 3.3)
 * @param partitionRatio min Z(a) / max Z(a) with Z(a) = Σ exp(a·w) over the rows w, 1 if they are isotropic (Mu and
 *     Viswanath, arXiv 1702.01417, section 2.2); a goes over the eigenvectors of WᵀW as theirs does, and over these
 *     with the other sign, since the sign of an eigenvector is anybody's choice
 */
public record Isotropy(double meanCosine, double partitionRatio) {

    /** Measures a table of at least two rows, [V, E]; outside of autocast. */
    static Isotropy of(Tensor words_VE) {
        double meanCosine;
        try (PointerScope scope = new PointerScope()) {
            meanCosine = meanCosine(words_VE);
        }
        try (PointerScope scope = new PointerScope()) {
            return new Isotropy(meanCosine, partitionRatio(words_VE));
        }
    }

    // The sum over all pairs is the square of the sum's norm, less a 1 for each row with itself.
    private static double meanCosine(Tensor words_VE) {
        double rows = words_VE.size(0);
        Tensor norms_V1 = words_VE.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
        Tensor directions_VE = words_VE.div(norms_V1.clamp_min_(new Scalar(Float.MIN_NORMAL)));
        double sum = directions_VE.sum(0).norm().item_double();
        double alone = directions_VE.norm().item_double();
        return (sum * sum - alone * alone) / (rows * (rows - 1));
    }

    private static double partitionRatio(Tensor words_VE) {
        // On the CPU everywhere: a small matrix, and the same result each time.
        T_TensorTensor_T eigen =
                torch.linalg_eigh(torch.mm(words_VE.t(), words_VE).cpu());
        Tensor vectors_EE = eigen.get1().to(words_VE.device(), torch.ScalarType.Float);
        Tensor along_VE = torch.mm(words_VE, vectors_EE);
        Tensor there_E = along_VE.logsumexp(0);
        Tensor back_E = along_VE.neg_().logsumexp(0);
        double least = Math.min(there_E.min().item_double(), back_E.min().item_double());
        double most = Math.max(there_E.max().item_double(), back_E.max().item_double());
        return Math.exp(least - most);
    }
}
