package dev.changeling.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A prediction that may copy the token that it reads: with D the gate, {@code p = D · [input is the original] + (1 − D)
 * · softmax(original)} (Clark et al., arXiv 2003.10555, section 3.4, All-tokens MLM). In logarithms, since the softmax
 * of a token may be too small for a float.
 *
 * @param logCopy_N log D, [N]
 * @param logPredict_N log(1 − D), [N]
 * @param same_N 1 where the input is the original, else 0
 */
record CopyGate(Tensor logCopy_N, Tensor logPredict_N, Tensor same_N) {

    /**
     * Makes a gate of what replaced token detection says.
     *
     * @param scores_N logits of "replaced": 1 − D is their sigmoid
     */
    static CopyGate of(Tensor scores_N, Tensor same_N) {
        Tensor scores = scores_N.to(torch.ScalarType.Float);
        return new CopyGate(torch.log_sigmoid(scores.neg()), torch.log_sigmoid(scores), same_N);
    }

    /** Returns −log p, [N]. */
    Tensor surprisal(Tensor ofSoftmax_N) {
        Tensor copied_N = logCopy_N.add(same_N.log());
        return torch.logaddexp(copied_N, logPredict_N.sub(ofSoftmax_N)).neg();
    }

    /**
     * Returns the derivative of −log p with respect to −log softmax: the part of p that is predicted, not copied; [N].
     */
    Tensor derivative(Tensor ofSoftmax_N) {
        return logPredict_N.sub(ofSoftmax_N).add(surprisal(ofSoftmax_N)).exp().detach();
    }

    /** Returns the gate of some neighbouring positions. */
    CopyGate narrow(long first, long count) {
        return new CopyGate(
                logCopy_N.narrow(0, first, count),
                logPredict_N.narrow(0, first, count),
                same_N.narrow(0, first, count));
    }

    /** Returns the same gate, which learns nothing. */
    CopyGate detach() {
        return new CopyGate(logCopy_N.detach(), logPredict_N.detach(), same_N);
    }
}
