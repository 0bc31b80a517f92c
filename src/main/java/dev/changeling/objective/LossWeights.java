package dev.changeling.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * How much each network's loss counts: {@code L = mlm · L_MLM + rtd · L_RTD}.
 *
 * @param mlm weight of the generator's loss
 * @param rtd λ, weight of the discriminator's loss
 */
public record LossWeights(double mlm, double rtd) {

    Tensor sum(Tensor mlmLoss, Tensor rtdLoss) {
        return mlmLoss.mul(new Scalar(mlm)).add(rtdLoss.mul(new Scalar(rtd)));
    }
}
