package dev.changeling.dynamics;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
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
        double mlmNorm = norm(mlm);
        double rtdNorm = norm(rtd);
        double mlmAdam = norm(pairs(mlm, deviations, Tensor::div));
        double rtdAdam = norm(pairs(rtd, deviations, Tensor::div));
        return new TugOfWar(
                mlmNorm,
                rtdNorm,
                sum(pairs(mlm, rtd, Tensor::mul), Tensor::sum) / (mlmNorm * rtdNorm),
                mlmAdam / (mlmAdam + rtdAdam),
                rtdAdam / (mlmAdam + rtdAdam));
    }

    /** Returns the angle between both gradients in degrees, from 0 to 180; 90 is independent. */
    public double angle() {
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }

    private static double norm(List<Tensor> tensors) {
        return Math.sqrt(sum(tensors, tensor -> {
            Tensor norm = tensor.norm();
            return norm.mul(norm);
        }));
    }

    private static double sum(List<Tensor> tensors, Function<Tensor, Tensor> scalar) {
        return tensors.stream()
                .mapToDouble(tensor -> scalar.apply(tensor).item_double())
                .sum();
    }

    private static List<Tensor> pairs(List<Tensor> left, List<Tensor> right, BiFunction<Tensor, Tensor, Tensor> made) {
        return IntStream.range(0, left.size())
                .mapToObj(i -> made.apply(left.get(i), right.get(i)))
                .toList();
    }
}
