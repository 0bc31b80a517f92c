package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Layer normalisation over the last dimension (Ba, Kiros and Hinton, arXiv 1607.06450). */
final class LayerNorm {
    private final Parameter weight;
    private final Parameter bias;
    private final long[] width;
    private final double epsilon;

    LayerNorm(ParameterStore store, String name, long width, double epsilon) {
        this.weight = store.declare(name + ".weight", Parameter.Kind.NORM_WEIGHT, width);
        this.bias = store.declare(name + ".bias", Parameter.Kind.NORM_BIAS, width);
        this.width = new long[] {width};
        this.epsilon = epsilon;
    }

    Tensor apply(Tensor x) {
        return torch.layer_norm(
                x, width, new TensorOptional(weight.tensor()), new TensorOptional(bias.tensor()), epsilon, true);
    }
}
