package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.model.Dropout;
import dev.changeling.model.MaskedTokenHead;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The discriminator's predictions of original tokens, beside the plain form: all logits at once, by autograd. */
class CorrectionLossTest {

    @Test
    void theGateMixesCopyAndPrediction() {
        try (Engine.Scope scope = Variant.ENGINE.scope()) {
            float ln3 = (float) Math.log(3); // P(replaced) ¾, so that D, the part that is copied, is ¼
            CopyGate gate = CopyGate.of(floats(ln3, ln3), floats(1, 0));
            Tensor surprisal = floats((float) -Math.log(0.4), (float) -Math.log(0.4));
            float[] losses = HostCopy.toFloats(gate.surprisal(surprisal));
            assertThat(losses[0]).isCloseTo((float) -Math.log(0.25 + 0.75 * 0.4), within(1e-6f));
            assertThat(losses[1]).isCloseTo((float) -Math.log(0.75 * 0.4), within(1e-6f));
            float[] derivatives = HostCopy.toFloats(gate.derivative(surprisal));
            assertThat(derivatives[0]).isCloseTo(0.75f * 0.4f / 0.55f, within(1e-6f));
            assertThat(derivatives[1]).isCloseTo(1, within(1e-6f));
        }
    }

    @Test
    void theGateStaysFiniteWhereTheTokenIsAllButImpossible() {
        try (Engine.Scope scope = Variant.ENGINE.scope()) {
            CopyGate gate = CopyGate.of(floats(-30, 30), floats(1, 0));
            Tensor surprisal = floats(200, 200);
            assertThat(HostCopy.toFloats(gate.surprisal(surprisal)))
                    .containsExactly(new float[] {0, 200}, within(1e-4f));
            assertThat(HostCopy.toFloats(gate.derivative(surprisal)))
                    .containsExactly(new float[] {0, 1}, within(1e-4f));
        }
    }

    private static Tensor floats(float... values) {
        return HostCopy.toDevice(Variant.ENGINE, values, values.length);
    }

    @ParameterizedTest
    @CsvSource({"bert", "replace-mlm", "all-tokens-mlm", "coco-lm"})
    void givesTheLossAndGradientOfThePlainForm(String name) {
        try (Variant variant = Variant.of(name, "objective.mlm_weight=0", "objective.contrast_weight=0");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            MaskedBatch masked = variant.masked(50);
            variant.model().parameters().gradients().zero_();
            JointStep step = variant.pass(masked);
            Tensor ours = step.losses().ofDiscriminator().orElseThrow();
            ours.backward();
            float[] gradient = variant.gradient();

            variant.model().parameters().gradients().zero_();
            Tensor plain = plain(variant, step, masked);
            plain.backward();
            assertThat(ours.item_double()).isCloseTo(plain.item_double(), within(1e-5 * plain.item_double()));
            float[] expected = variant.gradient();
            float largest = 0;
            float furthest = 0;
            for (int i = 0; i < expected.length; i++) {
                largest = Math.max(largest, Math.abs(expected[i]));
                furthest = Math.max(furthest, Math.abs(expected[i] - gradient[i]));
            }
            assertThat(largest).isGreaterThan(1e-3f);
            assertThat(furthest).isLessThan(1e-4f * largest);
        }
    }

    /** The definitions, written down once more. */
    private static Tensor plain(Variant variant, JointStep step, MaskedBatch masked) {
        boolean readsMasks = variant.config().objective().correction().name().equals("BERT");
        Tensor hidden_TH = variant.model()
                .discriminator()
                .encode(readsMasks ? step.masked().input() : step.replaced().input(), Dropout.NONE);
        MaskedTokenHead head = variant.model().discriminator().originalTokens();
        Tensor logits_TV = head.represent(hidden_TH)
                .mm(head.output().weight_VE().t())
                .add(head.output().bias_V());
        int[] tokens = masked.batch().tokens();
        int[] real = HostCopy.toInts(step.masked().input().real_T());
        int[] originals = new int[real.length];
        for (int i = 0; i < real.length; i++) {
            originals[i] = tokens[real[i]];
        }
        Tensor originals_T1 =
                HostCopy.toDevice(Variant.ENGINE, originals, originals.length).unsqueeze(1);
        Tensor softmax_T = logits_TV.softmax(1).gather(1, originals_T1).squeeze(1);
        Tensor at_M = step.masked().input().amongReal(step.masked().positions_M());
        if (readsMasks || !variant.config().objective().detects()) {
            return softmax_T.index_select(0, at_M).log().neg().mean();
        }
        Tensor scores_T = variant.model().discriminator().score(hidden_TH);
        Tensor copy_T = scores_T.neg().sigmoid();
        Tensor same_T = torch.ones_like(copy_T).detach().sub(step.replaced().labels_T());
        Totals totals = Totals.of(List.of(masked));
        if (variant.config().objective().rtdWeight() > 0) { // COCO-LM: the gate learns by detection alone
            Tensor gate_T = copy_T.detach();
            Tensor mixed_T =
                    gate_T.mul(same_T).add(gate_T.neg().add(new Scalar(1)).mul(softmax_T));
            Tensor rtd = new RtdLoss(totals.tokens(), 1e-6)
                    .of(scores_T, step.replaced().labels_T());
            return mixed_T.index_select(0, at_M)
                    .log()
                    .neg()
                    .mean()
                    .add(rtd.mul(new Scalar(variant.config().objective().rtdWeight())));
        }
        Tensor mixed_T = copy_T.mul(same_T).add(copy_T.neg().add(new Scalar(1)).mul(softmax_T));
        return mixed_T.log().neg().mean();
    }
}
