package dev.changeling.finetuning;

import dev.changeling.model.ParameterStore;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** A copy of a network's weights, to come back to. */
final class KeptWeights implements AutoCloseable {
    private @Nullable Tensor copy;

    /** Copies the weights, in place of those that were kept before. */
    void keep(ParameterStore parameters) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            if (copy == null) {
                Tensor made = parameters.values().clone();
                // It outlives this scope, until close().
                made.retainReference();
                copy = made;
            } else {
                copy.copy_(parameters.values());
            }
        }
    }

    /** Gives a network of the same shape the weights that were kept. */
    void restore(ParameterStore parameters) {
        if (copy == null) {
            throw new IllegalStateException("no weights were kept");
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            parameters.values().copy_(copy);
        }
    }

    @Override
    public void close() {
        if (copy != null) {
            copy.releaseReference();
            copy = null;
        }
    }
}
