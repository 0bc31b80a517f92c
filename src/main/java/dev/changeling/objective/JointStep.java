package dev.changeling.objective;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one pass through both networks produced. Lives until the enclosing native scope ends.
 *
 * @param losses whose weighted sum trains both networks
 * @param masked what was masked
 * @param predicted what the generator predicted, or null if nobody asked it
 * @param samples_M what was written over the masked positions
 * @param replaced the corrupted text and its labels
 * @param judged what the discriminator said of it
 */
public record JointStep(
        Losses losses,
        Masked masked,
        @Nullable Predicted predicted,
        Tensor samples_M,
        Replaced replaced,
        Judged judged) {

    /** Returns the weighted sum of the losses, a scalar; its gradient trains both networks. */
    public Tensor loss() {
        return losses.sum().orElseGet(this::zero);
    }

    /** Returns L_MLM, a scalar; 0 if nobody asked the generator. */
    public Tensor mlmLoss() {
        return losses.value(Loss.MLM).orElseGet(this::zero);
    }

    /** Returns L_RTD, a scalar; 0 if nothing was detected. */
    public Tensor rtdLoss() {
        return losses.value(Loss.RTD).orElseGet(this::zero);
    }

    /** Returns the discriminator's logit of "replaced" for every real token, [T], if it was asked. */
    public Optional<Tensor> scores_T() {
        return Optional.ofNullable(judged.scores_T());
    }

    private Tensor zero() {
        return torch.zeros(new long[] {}, replaced.labels_T().options());
    }
}
