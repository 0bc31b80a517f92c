package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.objective.Generation.Generated;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * The generator as the discriminator's adversary, by REINFORCE (Clark et al., arXiv 2003.10555, appendix F).
 *
 * <p>The reward of a sample is how wrong the discriminator is about it: with D its probability of "original", {@code R
 * = −log D} for a sample that is the original and {@code −log(1 − D)} for another, the cross-entropy of its answer. No
 * gradient flows through samples, so the generator's comes from {@code ∇ log p(sample) · (R − b)}; the baseline
 * {@code b = −log σ(w · h)} is foreseen from the generator's hidden states h, and w learns by the cross-entropy of
 * {@code σ(w · h)} against {@code exp(−R)}. Here the baseline's gradient stops at h.
 */
final class AdversarialLoss {
    private final Tensor rewards_M;
    private final Tensor advantages_M;
    private final Tensor foreseen_M;
    private final Tensor own_M;
    private final WeightedSurprisal surprisal;

    private AdversarialLoss(
            Tensor rewards_M, Tensor advantages_M, Tensor foreseen_M, Tensor own_M, WeightedSurprisal surprisal) {
        this.rewards_M = rewards_M;
        this.advantages_M = advantages_M;
        this.foreseen_M = foreseen_M;
        this.own_M = own_M;
        this.surprisal = surprisal;
    }

    /**
     * Computes the reward of each sample.
     *
     * @param scores_T the discriminator's logits of "replaced"
     * @param drawn the replacements that are not the generator's, which it is not rewarded for
     */
    static AdversarialLoss of(Electra model, Generated generated, Corrupted text, Tensor scores_T, int[] drawn) {
        Tensor among_M = text.original().amongReal(text.masked().positions_M());
        Tensor rewards_M = RtdLoss.ofEach(
                scores_T.detach().index_select(0, among_M),
                text.replaced().labels_T().index_select(0, among_M));
        Tensor own_M = NoiseSampler.own(model.engine(), drawn);
        Tensor foreseen_M =
                model.generator().foreseenReward(generated.hidden_MH().detach()).to(torch.ScalarType.Float);
        Tensor baseline_M = torch.softplus(foreseen_M.detach().neg());
        Tensor advantages_M = rewards_M.sub(baseline_M).mul(own_M);
        WeightedSurprisal surprisal = new WeightedSurprisal(
                model,
                model.generator().head(),
                "adversary",
                generated.hidden_ME(),
                text.samples_M(),
                (first, surprisal_R) -> advantages_M.narrow(0, first, surprisal_R.size(0)));
        return new AdversarialLoss(rewards_M, advantages_M, foreseen_M, own_M, surprisal);
    }

    /**
     * Returns the loss whose gradient is minus that of the expected reward: {@code −(R − b) · log p(sample)}, summed
     * over the masked positions and divided by their number.
     */
    Tensor ofGenerator(double positions) {
        Tensor sum = surprisal.surprisal_M().mul(advantages_M).sum();
        // The gradient belongs to the sum; what it is divided by applies to both.
        return surprisal.withGradient(sum).div(new Scalar(positions));
    }

    /** Returns the loss of the baseline, over the same number. */
    Tensor ofBaseline(double positions) {
        return torch.binary_cross_entropy_with_logits(
                        foreseen_M,
                        rewards_M.neg().exp(),
                        new TensorOptional(own_M),
                        new TensorOptional(),
                        torch.Reduction.Sum.value)
                .div(new Scalar(positions));
    }
}
