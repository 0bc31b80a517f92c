package dev.changeling.model;

import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.DropoutMask;
import dev.changeling.tensor.Temporaries;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** How a post-LayerNorm block takes in what a branch of it computed: {@code LayerNorm(x + dropout(branch))}. */
final class ResidualNorm {
    private final LayerNorm norm;

    ResidualNorm(ParameterStore store, String name, long width, double epsilon) {
        norm = new LayerNorm(store, name, width, epsilon);
    }

    Tensor apply(Tensor x_BSH, Tensor branch_BSH, Dropout dropout) {
        return norm.apply(dropout.ofHidden(branch_BSH).add(x_BSH));
    }

    /**
     * The gradients of both inputs. One may be the other.
     *
     * @param ofX [B, S, H]
     * @param ofBranch [B, S, H]
     */
    record Gradients(Tensor ofX, Tensor ofBranch) {}

    /** What came out, and its derivative by hand. */
    record Joined(Tensor output, Pullback pullback) {}

    /** From the gradient with respect to the output to those of both inputs. */
    @FunctionalInterface
    interface Pullback {
        Gradients apply(Tensor gradient_BSH);
    }

    /** The same as {@link #apply} with its gradient by hand; the mask is made again instead of being kept. */
    Joined differentiate(Tensor x_BSH, Tensor branch_BSH, Dropout dropout) {
        @Nullable DropoutMask mask = dropout.hiddenMask();
        Tensor sum_BSH = Temporaries.freed(
                () -> mask == null ? x_BSH.add(branch_BSH) : x_BSH.addcmul(branch_BSH, mask.of(branch_BSH.shape())));
        Differentiated normalised = norm.differentiate(sum_BSH);
        return new Joined(normalised.output(), gradient_BSH -> {
            Tensor ofSum_BSH = normalised.pullback().apply(gradient_BSH);
            sum_BSH.close();
            return new Gradients(ofSum_BSH, Dropout.apply(mask, ofSum_BSH));
        });
    }
}
