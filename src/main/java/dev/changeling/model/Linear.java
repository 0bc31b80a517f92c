package dev.changeling.model;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
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
        return torch.linear(x, weight.tensor(), new org.bytedeco.pytorch.TensorOptional(bias.tensor()));
    }

    private static List<String> suffixed(List<String> names, String suffix) {
        return Stream.of(names).flatMap(List::stream).map(name -> name + suffix).toList();
    }
}
