package dev.changeling.dynamics;

import dev.changeling.tensor.MeanCosine;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How evenly the rows of a word table point into all directions.
 *
 * @param meanCosine of two different rows, see {@link MeanCosine}
 * @param partitionRatio min Z(a) / max Z(a) with Z(a) = Σ exp(a·w) over the rows w, 1 if they are isotropic (Mu and
 *     Viswanath, arXiv 1702.01417, section 2.2); a goes over the eigenvectors of WᵀW as theirs does, and over these
 *     with the other sign, since the sign of an eigenvector is anybody's choice
 */
public record Isotropy(double meanCosine, double partitionRatio) {

    /** Measures a table of at least two rows, [V, E]; outside of autocast. */
    static Isotropy of(Tensor words_VE) {
        double meanCosine;
        try (PointerScope scope = new PointerScope()) {
            meanCosine = MeanCosine.ofRows(words_VE);
        }
        try (PointerScope scope = new PointerScope()) {
            return new Isotropy(meanCosine, partitionRatio(words_VE));
        }
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
