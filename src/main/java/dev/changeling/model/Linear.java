package dev.changeling.model;

import dev.changeling.tensor.PointwiseConvolution;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** A dense layer, {@code x · Wᵀ + b}, with W of shape [out, in]. */
final class Linear {
    private final Parameter weight;
    private final Parameter bias;

    Linear(ParameterStore store, String name, long in, long out) {
        this(store, List.of(name), in, out);
    }

    /** Several dense layers of one shape that read the same input, computed as one product. */
    Linear(ParameterStore store, List<String> names, long in, long out) {
        weight = store.declareStacked(suffixed(names, ".weight"), Parameter.Kind.WEIGHT, out, in);
        bias = store.declareStacked(suffixed(names, ".bias"), Parameter.Kind.BIAS, out);
    }

    Tensor apply(Tensor x) {
        return canPullBack(x)
                ? PointwiseConvolution.apply(x, weight.tensor(), bias.tensor())
                : torch.linear(x, weight.tensor(), new TensorOptional(bias.tensor()));
    }

    /** Returns whether the layer's gradient at x can be had by {@link #pullback}. */
    boolean canPullBack(Tensor x) {
        return PointwiseConvolution.suits(x, weight.tensor());
    }

    /** Adds to the gradients of weights and bias, and returns that of x; outside of autograd. */
    Tensor pullback(Tensor gradient, Tensor x) {
        PointwiseConvolution.Gradients gradients =
                PointwiseConvolution.gradients(gradient, x, weight.tensor().detach());
        weight.addGradient(gradients.ofWeight());
        bias.addGradient(gradients.ofBias());
        return gradients.ofInput();
    }

    private static List<String> suffixed(List<String> names, String suffix) {
        return Stream.of(names).flatMap(List::stream).map(name -> name + suffix).toList();
    }
}
