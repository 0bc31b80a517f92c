package dev.changeling.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;

/**
 * The mean cosine of the angle between two different rows of a matrix: 0 if they point anywhere, towards 1 if all lie
 * in one cone (Ethayarajh, arXiv 1909.00512, section 3.3).
 */
public final class MeanCosine {
    private MeanCosine() {}

    /**
     * Measures a matrix of at least two rows, [N, E], in floats.
     *
     * <p>The sum over all pairs is the square of the norm of the directions' sum, less a 1 for each row with itself.
     */
    public static double ofRows(Tensor rows_NE) {
        double rows = rows_NE.size(0);
        Tensor norms_N1 = rows_NE.norm(new ScalarOptional(new Scalar(2)), new long[] {1}, true);
        Tensor directions_NE = rows_NE.div(norms_N1.clamp_min_(new Scalar(Float.MIN_NORMAL)));
        double sum = directions_NE.sum(0).norm().item_double();
        double alone = directions_NE.norm().item_double();
        return (sum * sum - alone * alone) / (rows * (rows - 1));
    }
}
