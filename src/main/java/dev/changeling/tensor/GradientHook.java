package dev.changeling.tensor;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.VoidTensorHook;

/**
 * Java code that autograd calls when a tensor's gradient is complete: within {@code backward()}, once, however many
 * operations read the tensor. What it throws comes out of {@code backward()}. On the CPU it runs on the thread that
 * called {@code backward()}; for a GPU's tensors, libtorch has threads of its own.
 */
public final class GradientHook {
    private GradientHook() {}

    /**
     * Has the gradient heard.
     *
     * @param listener hears the gradient; it lives until the listener returns, and is not written to
     */
    public static void listen(Tensor tensor, Consumer<Tensor> listener) {
        tensor.register_hook(new VoidTensorHook() {
            @Override
            public void call(TensorBase gradient) {
                try (NoGradGuard noGrad = new NoGradGuard()) {
                    Temporaries.freeAll(() -> listener.accept(new Tensor(gradient)));
                }
            }
        });
    }

    /**
     * Has the gradient of a tensor on the CPU replaced, before it flows on to what the tensor was computed from.
     *
     * @param replacement returns a gradient of the same shape; the one that it is given is not written to
     */
    public static void replace(Tensor tensor, UnaryOperator<Tensor> replacement) {
        tensor.register_hook(new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase gradient) {
                try (NoGradGuard noGrad = new NoGradGuard()) {
                    return Temporaries.freed(() -> replacement.apply(new Tensor(gradient)));
                }
            }
        });
    }
}
