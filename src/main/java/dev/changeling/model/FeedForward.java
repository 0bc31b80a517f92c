package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.Temporaries;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Two dense layers with erf-GELU (Hendrycks and Gimpel, arXiv 1606.08415) between them, for each token by itself. */
final class FeedForward {
    private final Linear intermediate;
    private final Linear output;

    /** @param name of the layer, ending in {@code layer.N.} */
    FeedForward(ParameterStore store, String name, NetworkConfig config) {
        intermediate = new Linear(store, name + "intermediate.dense", config.hiddenSize(), config.intermediateSize());
        output = new Linear(store, name + "output.dense", config.intermediateSize(), config.hiddenSize());
    }

    Tensor apply(Tensor x_BSH) {
        return output.apply(torch.gelu(intermediate.apply(x_BSH)));
    }

    /** The same as {@link #apply} outside of autograd, with one wide tensor in place of two. */
    Tensor pass(Tensor x_BSH) {
        return output.apply(torch.gelu_(intermediate.apply(x_BSH)));
    }

    /** The same with its gradient by hand. */
    Differentiated differentiate(Tensor x_BSH) {
        Tensor wide_BSI = Temporaries.freed(() -> intermediate.apply(x_BSH));
        Tensor activated_BSI = torch.gelu(wide_BSI);
        Tensor output_BSH = Temporaries.freed(() -> output.apply(activated_BSI));
        return new Differentiated(output_BSH, gradient_BSH -> {
            Tensor ofActivated_BSI = Temporaries.freed(() -> output.pullback(gradient_BSH, activated_BSI));
            activated_BSI.close();
            Tensor ofWide_BSI = torch.gelu_backward(ofActivated_BSI, wide_BSI);
            wide_BSI.close();
            return intermediate.pullback(ofWide_BSI, x_BSH);
        });
    }

    /** Returns whether {@link #differentiate} can be used; the other layer takes as many tokens. */
    boolean canDifferentiate(Tensor x_BSH) {
        return intermediate.canPullBack(x_BSH);
    }
}
