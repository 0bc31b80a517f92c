package dev.changeling.training;

import dev.changeling.config.OptimizerConfig;
import dev.changeling.model.ParameterStore;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.Workspace;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101) over the flat buffers of a
 * {@link ParameterStore}. Without bias correction it is google's (model/optimization.py:113-119).
 */
final class AdamW implements AutoCloseable {
    private final OptimizerConfig config;
    private final ParameterStore parameters;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final Workspace workspace;

    AdamW(Engine engine, ParameterStore parameters, OptimizerConfig config) {
        this.config = config;
        this.parameters = parameters;
        this.workspace = new Workspace(engine);
        try (PointerScope scope = new PointerScope()) {
            long[] shape = {parameters.size()};
            firstMoment = torch.zeros(shape, engine.floats());
            secondMoment = torch.zeros(shape, engine.floats());
            List.of(firstMoment, secondMoment).forEach(Pointer::retainReference);
        }
    }

    /**
     * Returns the global norm of the gradient over all parameters, before clipping. Not finite if any gradient is not.
     */
    double gradientNorm() {
        return parameters.gradients().norm().item_double();
    }

    /** Returns the norm of all parameters as one vector. Not finite if any parameter is not. */
    double weightNorm() {
        return parameters.values().norm().item_double();
    }

    /**
     * Clips the gradient to the configured norm and changes the parameters.
     *
     * @param step the training step, from 0
     * @param learningRate of this step
     * @param gradientNorm from {@link #gradientNorm()}, finite
     */
    void step(long step, double learningRate, double gradientNorm) {
        double firstCorrection = 1;
        double secondCorrection = 1;
        if (config.biasCorrection()) {
            firstCorrection = 1 - Math.pow(config.beta1(), (double) (step + 1));
            secondCorrection = Math.sqrt(1 - Math.pow(config.beta2(), (double) (step + 1)));
        }
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Tensor gradient = parameters.gradients();
            if (config.clipNorm() > 0 && gradientNorm > config.clipNorm()) {
                gradient.mul_(new Scalar(config.clipNorm() / gradientNorm));
            }
            firstMoment.mul_(new Scalar(config.beta1())).add_(gradient, new Scalar(1 - config.beta1()));
            secondMoment.mul_(new Scalar(config.beta2())).addcmul_(gradient, gradient, new Scalar(1 - config.beta2()));
            // Both corrections go into the factor and the epsilon, so that nothing else passes over the vectors.
            Tensor deviation = torch.sqrt_out(workspace.floats("deviation", parameters.size()), secondMoment)
                    .add_(new Scalar(config.epsilon() * secondCorrection));
            Tensor values = parameters.values();
            values.narrow(0, 0, parameters.decayed()).mul_(new Scalar(1 - learningRate * config.weightDecay()));
            values.addcdiv_(firstMoment, deviation, new Scalar(-learningRate * secondCorrection / firstCorrection));
        }
    }

    /** Returns the running mean of gradients, in the order of the flat buffer. */
    Tensor firstMoment() {
        return firstMoment;
    }

    /** Returns the running mean of squared gradients, in the order of the flat buffer. */
    Tensor secondMoment() {
        return secondMoment;
    }

    @Override
    public void close() {
        workspace.close();
        firstMoment.releaseReference();
        secondMoment.releaseReference();
    }
}
