package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * How much some tokens surprise a head, and the gradient of any loss that depends on the predictions through these
 * surprisals alone; a block of positions at a time ({@link VocabularyBlocks}).
 */
final class WeightedSurprisal {
    private final Tensor surprisal_M;
    private final Tensor right_M;
    private final @Nullable OutputGradient gradient;

    /** The derivative of a loss with respect to each surprisal. */
    @FunctionalInterface
    interface Derivative {
        /**
         * Returns the derivatives at the positions of a block, [R].
         *
         * @param first the block's first position
         */
        Tensor at(long first, Tensor surprisal_R);
    }

    /**
     * Computes surprisals, and the gradient of a loss.
     *
     * @param use of the buffer that holds a gradient until the backward pass; whoever predicts twice before it has two
     *     names
     * @param hidden_ME what the head's output layer reads
     * @param targets_M the tokens
     */
    WeightedSurprisal(
            Electra model,
            MaskedTokenHead head,
            String use,
            Tensor hidden_ME,
            Tensor targets_M,
            Derivative derivative) {
        gradient = hidden_ME.requires_grad() ? new OutputGradient(model, head, use, hidden_ME) : null;
        surprisal_M = torch.zeros(
                        new long[] {targets_M.size(0)}, hidden_ME.detach().options())
                .to(torch.ScalarType.Float);
        right_M = torch.zeros_like(surprisal_M).to(torch.ScalarType.Bool);
        VocabularyBlocks.of(model, head, hidden_ME, targets_M, (block, first, rows) -> {
            Tensor surprisal_R = block.surprisal_R();
            surprisal_M.narrow(0, first, rows).copy_(surprisal_R);
            right_M.narrow(0, first, rows).copy_(block.right_R());
            if (gradient != null) {
                gradient.add(first, block.intoGradient(derivative.at(first, surprisal_R)));
            }
        });
    }

    /** Returns the negative log-likelihood of each token, in nats, [M]; no gradient flows through it. */
    Tensor surprisal_M() {
        return surprisal_M;
    }

    /** Returns whether each token is the likeliest, [M]. */
    Tensor right_M() {
        return right_M;
    }

    /** Returns the loss, a scalar computed from the surprisals, with its gradient attached. */
    Tensor withGradient(Tensor loss) {
        return gradient == null ? loss : gradient.attachTo(loss);
    }
}
