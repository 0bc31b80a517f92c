package dev.changeling.dynamics;

import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * What the two losses want of the embedding tables that both networks read. They may pull against each other, the
 * "tug-of-war" of He, Gao and Chen (arXiv 2111.09543, section 3.2).
 *
 * @param mlmNorm norm of the gradient of the weighted L_MLM
 * @param rtdNorm norm of the gradient of the weighted L_RTD
 * @param cosine of the angle between both: 1 of one mind, 0 independent, −1 against each other; NaN if one is 0
 * @param mlmAdamShare what Adam makes of the weights of the losses: the norm of L_MLM's gradient, each number over what
 *     Adam divides it by, as a share of the sum of both losses' norms; NaN if both are 0
 * @param rtdAdamShare the same of L_RTD
 */
public record TugOfWar(double mlmNorm, double rtdNorm, double cosine, double mlmAdamShare, double rtdAdamShare) {

    /**
     * Compares two gradients.
     *
     * @param mlm one tensor a table
     * @param rtd of the same shapes
     * @param deviations what Adam divides the gradient by, times any factor; of the same shapes
     */
    static TugOfWar of(List<Tensor> mlm, List<Tensor> rtd, List<Tensor> deviations) {
        int tables = mlm.size();
        double mlmNorm = norm(tables, mlm::get);
        double rtdNorm = norm(tables, rtd::get);
        double product = sum(tables, table -> mlm.get(table).mul(rtd.get(table)).sum());
        double mlmAdam = norm(tables, table -> mlm.get(table).div(deviations.get(table)));
        double rtdAdam = norm(tables, table -> rtd.get(table).div(deviations.get(table)));
        return new TugOfWar(
                mlmNorm,
                rtdNorm,
                product / (mlmNorm * rtdNorm),
                mlmAdam / (mlmAdam + rtdAdam),
                rtdAdam / (mlmAdam + rtdAdam));
    }

    /** Returns the angle between both gradients in degrees, from 0 to 180; 90 is independent. */
    public double angle() {
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }

    private static double norm(int tables, IntFunction<Tensor> vector) {
        return Math.sqrt(sum(tables, table -> {
            Tensor norm = vector.apply(table).norm();
            return norm.mul(norm);
        }));
    }

    private static double sum(int tables, IntFunction<Tensor> scalar) {
        double sum = 0;
        for (int table = 0; table < tables; table++) {
            try (PointerScope scope = new PointerScope()) { // a word table is large
                sum += scalar.apply(table).item_double();
            }
        }
        return sum;
    }
}
