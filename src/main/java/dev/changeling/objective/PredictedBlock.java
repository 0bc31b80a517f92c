package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.OutputLayer;
import dev.changeling.tensor.Workspace;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The generator's predictions at the positions of one block, R of them, outside of autograd. The only place where the
 * logits over the vocabulary exist in training, in two buffers that serve one block after another.
 */
final class PredictedBlock {
    private final Tensor originals_R1;
    private final Tensor exponentials_RV;
    private final Tensor sum_R1;
    private final Tensor surprisal_R1;
    private final Tensor entropy_R1;
    private final Tensor right_R1;

    /**
     * Predicts.
     *
     * @param size the largest number of positions that a block has
     * @param hidden_RE what the output layer reads
     * @param originals_R the tokens that stood there
     */
    PredictedBlock(Electra model, long size, Tensor hidden_RE, Tensor originals_R) {
        OutputLayer output = model.generator().output();
        Workspace workspace = model.workspace();
        long rows = hidden_RE.size(0);
        long vocabulary = output.bias_V().size(0);
        Tensor logits_RV = workspace.floats("logits", size, vocabulary).narrow(0, 0, rows);
        Tensor centred_RV = workspace.floats("centred logits", size, vocabulary).narrow(0, 0, rows);

        logits_RV.copy_(output.bias_V().expand(logits_RV.shape()));
        // Detached, or autocast would keep a copy of the table through which no gradient flows.
        model.engine()
                .addProduct(logits_RV, hidden_RE, output.weight_VE().detach().t());
        T_TensorTensor_T likeliest = logits_RV.max(1, true);
        torch.sub_out(centred_RV, logits_RV, likeliest.get0());
        exponentials_RV = torch.exp_out(logits_RV, centred_RV);
        sum_R1 = sumOf(exponentials_RV);

        originals_R1 = originals_R.unsqueeze(1);
        Tensor logSum_R1 = sum_R1.log();
        Tensor original_R1 = centred_RV.gather(1, originals_R1);
        surprisal_R1 = logSum_R1.sub(original_R1);
        right_R1 = likeliest.get1().eq(originals_R1);
        Tensor meanLogit_R1 = sumOf(centred_RV.mul_(exponentials_RV)).div_(sum_R1);
        entropy_R1 = logSum_R1.sub(meanLogit_R1);
    }

    private static Tensor sumOf(Tensor rows_RV) {
        return rows_RV.sum(new long[] {1}, true, new ScalarTypeOptional());
    }

    /** Returns the negative log-likelihood of the original tokens, in nats, [R]. */
    Tensor surprisal_R() {
        return surprisal_R1.squeeze(1);
    }

    /** Returns the entropy of the predictions, in nats, [R]. */
    Tensor entropy_R() {
        return entropy_R1.squeeze(1);
    }

    /** Returns whether the original is the likeliest token, [R]; of several, one counts. */
    Tensor right_R() {
        return right_R1.squeeze(1);
    }

    /** Returns the probabilities of all tokens, each position's over that of its likeliest one, [R, V]. */
    Tensor likelihoods_RV() {
        return exponentials_RV;
    }

    /**
     * Turns the likelihoods into the gradient of the sum of the surprisals with respect to the logits, and returns it,
     * [R, V]: the probabilities, less 1 at the original.
     */
    Tensor intoGradient() {
        Tensor gradient_RV = exponentials_RV.mul_(sum_R1.reciprocal());
        Tensor minusOne_R1 = torch.ones_like(sum_R1).neg_();
        return gradient_RV.scatter_add_(1, originals_R1, minusOne_R1);
    }
}
