package dev.changeling.finetuning;

import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Losses that several tasks have. */
final class Losses {
    /** A target of what is not judged. */
    static final int IGNORED = -100;

    private Losses() {}

    /** Returns vectors scaled to length 1, [N, H]. */
    static Tensor units(Tensor vectors_NH) {
        Tensor lengths_N =
                vectors_NH.norm(new ScalarOptional(new Scalar(2)), 1L).clamp_min(new Scalar(1e-6));
        return vectors_NH.div(lengths_N.unsqueeze(1));
    }

    /**
     * Returns the cross-entropy, summed, a scalar.
     *
     * @param logits_NK of K labels each
     * @param targets_N the label, or {@link #IGNORED}
     * @param weights_K what each label counts
     */
    static Tensor crossEntropy(Engine engine, Tensor logits_NK, int[] targets_N, float[] weights_K) {
        return crossEntropy(
                engine,
                logits_NK,
                targets_N,
                new TensorOptional(HostCopy.toDevice(engine, weights_K, weights_K.length)));
    }

    /** As the other, with each label counting the same. */
    static Tensor crossEntropy(Engine engine, Tensor logits_NK, int[] targets_N) {
        return crossEntropy(engine, logits_NK, targets_N, new TensorOptional());
    }

    private static Tensor crossEntropy(Engine engine, Tensor logits_NK, int[] targets_N, TensorOptional weights_K) {
        return torch.cross_entropy_loss(
                logits_NK,
                HostCopy.toDevice(engine, targets_N, targets_N.length),
                weights_K,
                torch.Reduction.Sum.value,
                IGNORED,
                0);
    }
}
