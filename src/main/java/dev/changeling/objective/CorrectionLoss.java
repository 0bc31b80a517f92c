package dev.changeling.objective;

import dev.changeling.config.ObjectiveConfig.Correction;
import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import dev.changeling.objective.Totals.Over;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The discriminator's loss of predicting the original tokens: their negative log-likelihood, in nats, summed over the
 * positions where it is asked and divided by their number in the step's total batch.
 *
 * @param how it predicts
 * @param epsilon added to the number of positions
 */
record CorrectionLoss(Correction how, double epsilon) {

    /**
     * The loss, and where the discriminator was right.
     *
     * @param loss a scalar
     * @param right_N whether the original is the likeliest token of the softmax
     */
    record Corrected(Tensor loss, Tensor right_N) {}

    /** Returns where the discriminator is asked. */
    Over over() {
        return how == Correction.ALL_TOKENS ? Over.TOKENS : Over.MASKED;
    }

    /**
     * Returns this batch's share of the loss.
     *
     * @param hidden_TH the discriminator's hidden states of the real tokens
     * @param scores_T its logits of "replaced", if the prediction has a gate
     * @param originalTokens_T the text as it was
     * @param same_T 1 where the discriminator reads that, else 0
     * @param masked_M where among the real tokens the masked ones are
     */
    Corrected of(
            Electra model,
            Tensor hidden_TH,
            @Nullable Tensor scores_T,
            Tensor originalTokens_T,
            Tensor same_T,
            Tensor masked_M,
            Totals totals) {
        MaskedTokenHead head = model.discriminator().originalTokens();
        boolean everywhere = over() == Over.TOKENS;
        Tensor hidden_NE = head.represent(everywhere ? hidden_TH : hidden_TH.index_select(0, masked_M))
                .to(torch.ScalarType.Float);
        Tensor originals_N = at(originalTokens_T, everywhere, masked_M);
        CopyGate gate = scores_T == null
                ? null
                : CopyGate.of(at(scores_T, everywhere, masked_M), at(same_T, everywhere, masked_M));
        CopyGate known = gate == null ? null : gate.detach();
        WeightedSurprisal surprisal = new WeightedSurprisal(
                model,
                head,
                "correction",
                hidden_NE,
                originals_N,
                (first, surprisal_R) -> known == null
                        ? torch.ones_like(surprisal_R)
                        : known.narrow(first, surprisal_R.size(0)).derivative(surprisal_R));
        Tensor sum = losses(surprisal.surprisal_M(), how == Correction.CORRECTIVE ? known : gate)
                .sum();
        double positions = totals.of(over()) + epsilon;
        return new Corrected(surprisal.withGradient(sum).div(new Scalar(positions)), surprisal.right_M());
    }

    private static Tensor losses(Tensor ofSoftmax_N, @Nullable CopyGate gate) {
        return gate == null ? ofSoftmax_N : gate.surprisal(ofSoftmax_N);
    }

    private static Tensor at(Tensor ofAll_T, boolean everywhere, Tensor masked_M) {
        return everywhere ? ofAll_T : ofAll_T.index_select(0, masked_M);
    }
}
