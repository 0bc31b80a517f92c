package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.OutputLayer;
import dev.changeling.tensor.Workspace;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A head's predictions at the positions of one block, R of them, outside of autograd. The only place where the logits
 * over the vocabulary exist in training, in two buffers that serve one block after another; where several heads predict
 * together, the first of the two is one for each head.
 */
final class PredictedBlock {
    private final Tensor targets_R1;
    private final Tensor exponentials_RV;
    private final Tensor sum_R1;
    private final Tensor surprisal_R1;
    private final Tensor entropy_R1;
    private final Tensor right_R1;

    /**
     * Predicts.
     *
     * @param model whose buffers are used
     * @param output the head's output layer
     * @param buffer the name of the first buffer
     * @param size the largest number of positions that a block has
     * @param hidden_RE what the output layer reads
     * @param targets_R the tokens whose surprisal is asked for
     */
    PredictedBlock(Electra model, OutputLayer output, String buffer, long size, Tensor hidden_RE, Tensor targets_R) {
        Workspace workspace = model.workspace();
        long rows = hidden_RE.size(0);
        long vocabulary = output.bias_V().size(0);
        Tensor logits_RV = workspace.floats(buffer, size, vocabulary).narrow(0, 0, rows);
        Tensor centred_RV = workspace.floats("centred logits", size, vocabulary).narrow(0, 0, rows);

        logits_RV.copy_(output.bias_V().expand(logits_RV.shape()));
        // Detached, or autocast would keep a copy of the table through which no gradient flows.
        model.engine()
                .addProduct(logits_RV, hidden_RE, output.weight_VE().detach().t());
        T_TensorTensor_T likeliest = logits_RV.max(1, true);
        torch.sub_out(centred_RV, logits_RV, likeliest.get0());
        exponentials_RV = torch.exp_out(logits_RV, centred_RV);
        sum_R1 = sumOf(exponentials_RV);

        targets_R1 = targets_R.unsqueeze(1);
        Tensor logSum_R1 = sum_R1.log();
        Tensor target_R1 = centred_RV.gather(1, targets_R1);
        surprisal_R1 = logSum_R1.sub(target_R1);
        right_R1 = likeliest.get1().eq(targets_R1);
        Tensor meanLogit_R1 = sumOf(centred_RV.mul_(exponentials_RV)).div_(sum_R1);
        entropy_R1 = logSum_R1.sub(meanLogit_R1);
    }

    private static Tensor sumOf(Tensor rows_RV) {
        return rows_RV.sum(new long[] {1}, true, new ScalarTypeOptional());
    }

    /** Returns the negative log-likelihood of the targets, in nats, [R]. */
    Tensor surprisal_R() {
        return surprisal_R1.squeeze(1);
    }

    /** Returns the entropy of the predictions, in nats, [R]. */
    Tensor entropy_R() {
        return entropy_R1.squeeze(1);
    }

    /** Returns whether the target is the likeliest token, [R]; of several, one counts. */
    Tensor right_R() {
        return right_R1.squeeze(1);
    }

    /** Returns the probabilities of all tokens, each position's over that of its likeliest one, [R, V]. */
    Tensor likelihoods_RV() {
        return exponentials_RV;
    }

    /** Returns what makes probabilities of the likelihoods, multiplied with them, [R]. */
    Tensor scale_R() {
        return sum_R1.squeeze(1).reciprocal();
    }

    /**
     * Returns what comes of the likelihoods with those of the targets at 0.
     *
     * @param use must not keep what it is given
     */
    Tensor withoutTargets(UnaryOperator<Tensor> use) {
        Tensor target_R1 = exponentials_RV.gather(1, targets_R1);
        exponentials_RV.scatter_(1, targets_R1, torch.zeros_like(target_R1));
        Tensor result = use.apply(exponentials_RV);
        exponentials_RV.scatter_(1, targets_R1, target_R1);
        return result;
    }

    /**
     * Turns the likelihoods into the gradient of the sum of the surprisals with respect to the logits, and returns it,
     * [R, V]: the probabilities, less 1 at the target.
     */
    Tensor intoGradient() {
        return intoGradient(sum_R1.reciprocal(), torch.ones_like(sum_R1));
    }

    /**
     * As {@link #intoGradient()}, of a weighted sum.
     *
     * @param weights_R of the surprisals
     */
    Tensor intoGradient(Tensor weights_R) {
        Tensor weights_R1 = weights_R.unsqueeze(1);
        return intoGradient(weights_R1.div(sum_R1), weights_R1);
    }

    private Tensor intoGradient(Tensor factors_R1, Tensor weights_R1) {
        return exponentials_RV.mul_(factors_R1).scatter_add_(1, targets_R1, weights_R1.neg());
    }
}
