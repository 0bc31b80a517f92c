package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.model.Dropout;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** REINFORCE as its paper's appendix F has it, written down once more by autograd. */
class AdversarialLossTest {

    @Test
    void theGeneratorFollowsItsRewardAndTheBaselineForeseesIt() {
        try (Variant variant = Variant.of("adversarial");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            MaskedBatch masked = variant.masked(50);
            variant.model().parameters().gradients().zero_();
            JointStep step = variant.pass(masked);
            step.losses().ofGenerator().orElseThrow().backward();
            float[] gradient = variant.gradient();

            variant.model().parameters().gradients().zero_();
            Tensor hidden_MH = variant.model()
                    .generator()
                    .encode(step.masked().input(), step.masked().positions_M(), Dropout.NONE);
            Tensor logits_MV = variant.model()
                    .generator()
                    .predict(step.masked().input(), step.masked().positions_M(), Dropout.NONE);
            Tensor samples_M = step.samples_M();
            Tensor logLikelihood_M =
                    logits_MV.log_softmax(1).gather(1, samples_M.unsqueeze(1)).squeeze(1);
            Tensor reward_M = reward(step);
            Tensor w_M = variant.model().generator().foreseenReward(hidden_MH.detach());
            Tensor baseline_M = w_M.sigmoid().log().neg().detach();
            Tensor policy = reward_M.sub(baseline_M).mul(logLikelihood_M).mean().neg();
            Tensor target_M = reward_M.neg().exp();
            Tensor foreseen_M = w_M.sigmoid();
            Tensor crossEntropy = target_M.mul(foreseen_M.log())
                    .add(target_M.neg()
                            .add(new Scalar(1))
                            .mul(foreseen_M.neg().add(new Scalar(1)).log()))
                    .mean()
                    .neg();
            policy.add(crossEntropy).backward();

            assertThat(step.losses().value(Loss.ADVERSARIAL).orElseThrow().item_double())
                    .isCloseTo(policy.item_double(), within(1e-5));
            assertThat(step.losses().value(Loss.BASELINE).orElseThrow().item_double())
                    .isCloseTo(crossEntropy.item_double(), within(1e-5));
            float[] expected = variant.gradient();
            float largest = 0;
            float furthest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                furthest = Math.max(furthest, Math.abs(expected[i] - gradient[i]));
            }
            assertThat(largest).isGreaterThan(1e-4f);
            assertThat(furthest).isLessThan(1e-4f * largest);
        }
    }

    /** −log D of a sample that is the original, −log(1 − D) of another; D is the probability of "original". */
    private static Tensor reward(JointStep step) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            float[] scores = HostCopy.toFloats(step.scores_T().orElseThrow());
            float[] replaced = HostCopy.toFloats(step.replaced().labels_T());
            int[] at = HostCopy.toInts(
                    step.masked().input().amongReal(step.masked().positions_M()));
            float[] rewards = new float[at.length];
            for (int i = 0; i < at.length; i++) {
                double original = 1 / (1 + Math.exp(scores[at[i]]));
                rewards[i] = (float) -Math.log(replaced[at[i]] > 0 ? 1 - original : original);
            }
            return HostCopy.toDevice(Variant.ENGINE, rewards, rewards.length);
        }
    }

    @Test
    void whatTheGeneratorHasNotWrittenIsNoMeritOfIts() {
        try (Variant variant = Variant.of("adversarial", "objective.sampling.unigram_fraction=0.999999");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            JointStep step = variant.pass(variant.masked(50));
            assertThat(step.losses().value(Loss.ADVERSARIAL).orElseThrow().item_double())
                    .isZero();
            assertThat(step.losses().value(Loss.BASELINE).orElseThrow().item_double())
                    .isZero();
            assertThat(torch.isfinite(step.loss()).item_bool()).isTrue();
        }
    }
}
