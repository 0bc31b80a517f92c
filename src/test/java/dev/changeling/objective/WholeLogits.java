package dev.changeling.objective;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** What a generator predicts, read off all its logits at once by autograd: the way that {@link Prediction} avoids. */
public final class WholeLogits {
    private WholeLogits() {}

    /** Returns the predictions behind these logits, as if these samples had been drawn from them. */
    public static Predicted predicted(Tensor logits_MV, Tensor originals_M, Tensor samples_M) {
        Tensor logProbabilities_MV = torch.log_softmax(logits_MV, 1);
        Tensor surprisal =
                torch.nll_loss(logProbabilities_MV, originals_M, new TensorOptional(), torch.Reduction.Sum.value, -100);
        Tensor entropy_M = logProbabilities_MV
                .exp()
                .mul(logProbabilities_MV)
                .sum(new long[] {1}, false, new ScalarTypeOptional())
                .neg()
                .detach();
        Tensor right_M = logits_MV.argmax(new LongOptional(1), false).eq(originals_M);
        return new Predicted(surprisal, samples_M, entropy_M, right_M, null);
    }
}
