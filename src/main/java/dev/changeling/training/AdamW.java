package dev.changeling.training;

import dev.changeling.config.OptimizerConfig;
import dev.changeling.model.ParameterGroup;
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
public final class AdamW implements AutoCloseable {
    private final OptimizerConfig config;
    private final ParameterStore parameters;
    private final List<ParameterGroup> groups;
    private final Tensor firstMoment;
    private final Tensor secondMoment;
    private final Workspace workspace;

    AdamW(Engine engine, ParameterStore parameters, OptimizerConfig config) {
        this(engine, parameters, config, parameters.groups(name -> 1));
    }

    /**
     * Prepares an optimizer whose state is 0.
     *
     * @param groups cover all parameters
     */
    public AdamW(Engine engine, ParameterStore parameters, OptimizerConfig config, List<ParameterGroup> groups) {
        this.config = config;
        this.parameters = parameters;
        this.groups = List.copyOf(groups);
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
    public double gradientNorm() {
        return parameters.gradients().norm().item_double();
    }

    /** Returns the norm of all parameters as one vector. Not finite if any parameter is not. */
    public double weightNorm() {
        return parameters.values().norm().item_double();
    }

    /**
     * Clips the gradient to the configured norm and changes the parameters.
     *
     * @param step the training step, from 0
     * @param learningRate of this step
     * @param gradientNorm from {@link #gradientNorm()}, finite
     */
    public void step(long step, double learningRate, double gradientNorm) {
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
            Tensor deviation =
                    torch.sqrt_out(deviation(), secondMoment).add_(new Scalar(config.epsilon() * secondCorrection));
            Tensor values = parameters.values();
            for (ParameterGroup group : groups) {
                double rate = learningRate * group.rateFactor();
                Tensor part = window(values, group);
                if (group.decays()) {
                    part.mul_(new Scalar(1 - rate * config.weightDecay()));
                }
                part.addcdiv_(
                        window(firstMoment, group),
                        window(deviation, group),
                        new Scalar(-rate * secondCorrection / firstCorrection));
            }
        }
    }

    private static Tensor window(Tensor flat, ParameterGroup group) {
        return flat.narrow(0, group.offset(), group.size());
    }

    /** Returns the running mean of gradients, in the order of the flat buffer. */
    Tensor firstMoment() {
        return firstMoment;
    }

    /** Returns the running mean of squared gradients, in the order of the flat buffer. */
    Tensor secondMoment() {
        return secondMoment;
    }

    /**
     * Returns what the last step divided the mean gradients by, times a factor that is the same for all, in the order
     * of the flat buffer; valid until the next step.
     */
    Tensor deviation() {
        return workspace.floats("deviation", parameters.size());
    }

    @Override
    public void close() {
        workspace.close();
        firstMoment.releaseReference();
        secondMoment.releaseReference();
    }
}
