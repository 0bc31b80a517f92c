package dev.changeling.model;

import dev.changeling.tensor.Differentiated;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
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

    /** The same with its gradient by hand; the pullback reads x again. */
    Differentiated differentiate(Tensor x) {
        TensorOptional factor = new TensorOptional(weight.tensor().detach());
        TensorOptional summand = new TensorOptional(bias.tensor().detach());
        T_TensorTensorTensor_T results = torch.native_layer_norm(x, width, factor, summand, epsilon);
        Tensor output = new Tensor(results.get0());
        Tensor mean = new Tensor(results.get1());
        Tensor inverseDeviation = new Tensor(results.get2());
        results.close(); // it would keep all three
        return new Differentiated(output, gradient -> {
            T_TensorTensorTensor_T gradients = torch.native_layer_norm_backward(
                    gradient, x, width, mean, inverseDeviation, factor, summand, Differentiated.allThree());
            weight.addGradient(gradients.get1());
            bias.addGradient(gradients.get2());
            mean.close();
            inverseDeviation.close();
            return new Tensor(gradients.get0());
        });
    }
}
