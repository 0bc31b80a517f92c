package dev.changeling.dynamics;

import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * What the two networks' losses, L_MLM and L_RTD in ELECTRA, want of the embedding tables that both read. They may pull
 * against each other, the "tug-of-war" of He, Gao and Chen (arXiv 2111.09543, section 3.2).
 *
 * @param generatorNorm norm of the gradient of the generator's weighted losses
 * @param discriminatorNorm norm of the gradient of the discriminator's weighted losses
 * @param cosine of the angle between both: 1 of one mind, 0 independent, −1 against each other; NaN if one is 0
 * @param generatorAdamShare what Adam makes of the weights of the losses: the norm of the generator's gradient, each
 *     number over what Adam divides it by, as a share of the sum of both norms; NaN if both are 0
 * @param discriminatorAdamShare the same of the discriminator's
 */
public record TugOfWar(
        double generatorNorm,
        double discriminatorNorm,
        double cosine,
        double generatorAdamShare,
        double discriminatorAdamShare) {

    /**
     * Compares two gradients.
     *
     * @param generator one tensor a table
     * @param discriminator of the same shapes
     * @param generatorDeviations what Adam divides the generator's gradient by, times any factor; of the same shapes
     * @param discriminatorDeviations what it divides the discriminator's by
     */
    static TugOfWar of(
            List<Tensor> generator,
            List<Tensor> discriminator,
            List<Tensor> generatorDeviations,
            List<Tensor> discriminatorDeviations) {
        int tables = generator.size();
        double generatorNorm = norm(tables, generator::get);
        double discriminatorNorm = norm(tables, discriminator::get);
        double product = sum(
                tables,
                table -> generator.get(table).mul(discriminator.get(table)).sum());
        double generatorAdam = norm(tables, table -> generator.get(table).div(generatorDeviations.get(table)));
        double discriminatorAdam =
                norm(tables, table -> discriminator.get(table).div(discriminatorDeviations.get(table)));
        return new TugOfWar(
                generatorNorm,
                discriminatorNorm,
                product / (generatorNorm * discriminatorNorm),
                generatorAdam / (generatorAdam + discriminatorAdam),
                discriminatorAdam / (generatorAdam + discriminatorAdam));
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
