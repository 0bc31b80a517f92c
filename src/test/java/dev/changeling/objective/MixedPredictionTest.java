package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.model.Dropout;
import dev.changeling.model.Generator;
import dev.changeling.model.MaskedTokenHead;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.MixedPrediction.Mixed;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link MixedPrediction} beside the logits as a whole, by autograd. */
class MixedPredictionTest {
    private static final long SEED = 23;

    /** What there is to predict. */
    private record Asked(Masked masked, Tensor uniform_M) {
        static Asked of(int positions) {
            RandomStream random = RandomStream.of(SEED, Purpose.MASKING);
            int[] masked = new int[positions];
            int[] originals = new int[positions];
            float[] uniform = new float[positions];
            for (int i = 0; i < positions; i++) {
                masked[i] = i;
                originals[i] = random.nextInt(Variant.VOCABULARY);
                uniform[i] = random.nextFloat();
            }
            PackedInput input = PackedInput.of(Variant.ENGINE, TestBatches.random(SEED, 12, 32, Variant.VOCABULARY));
            return new Asked(
                    new Masked(
                            input,
                            HostCopy.toDevice(Variant.ENGINE, masked, positions),
                            HostCopy.toDevice(Variant.ENGINE, originals, positions)),
                    HostCopy.toDevice(Variant.ENGINE, uniform, positions));
        }
    }

    private static List<Tensor> represented(Generator generator, List<Tensor> hidden_MH) {
        List<Tensor> hidden_ME = new ArrayList<>();
        for (int k = 0; k < hidden_MH.size(); k++) {
            hidden_ME.add(generator.heads().get(k).represent(hidden_MH.get(k)));
        }
        return hidden_ME;
    }

    private static List<Tensor> logits(Generator generator, List<Tensor> hidden_ME) {
        List<Tensor> logits_MV = new ArrayList<>();
        for (int k = 0; k < hidden_ME.size(); k++) {
            MaskedTokenHead head = generator.heads().get(k);
            logits_MV.add(
                    torch.matmul(hidden_ME.get(k), head.output().weight_VE().t())
                            .add(head.output().bias_V()));
        }
        return logits_MV;
    }

    private static List<Tensor> encoded(Variant variant, Asked asked) {
        return variant.model()
                .generator()
                .encodeForHeads(asked.masked().input(), asked.masked().positions_M(), Dropout.NONE);
    }

    private static Mixed inBlocks(Variant variant, Asked asked, MixedPrediction prediction) {
        Generator generator = variant.model().generator();
        List<Tensor> hidden_MH = encoded(variant, asked);
        return prediction.of(
                variant.model(),
                represented(generator, hidden_MH),
                generator.mixtureLogits(hidden_MH),
                asked.masked().originals_M(),
                asked.uniform_M(),
                null);
    }

    private static double furthest(float[] left, float[] right) {
        assertThat(left).hasSameSizeAs(right);
        double furthest = 0;
        for (int i = 0; i < left.length; i++) {
            furthest = Math.max(furthest, Math.abs(left[i] - right[i]));
        }
        return furthest;
    }

    @ParameterizedTest
    @CsvSource({"3, 40, 1, false", "2, 1, 1, false", "2, 161, 0.5, false", "3, 383, 2, true"})
    void givesTheLossesOfAllHeadsTheirGradientAndSamplesOfTheMixture(
            int heads, int positions, double temperature, boolean disallowCorrect) {
        try (Variant variant = Variant.of(
                        "amos", "model.generator.layers=4", "model.generator_heads=" + heads, "model.sharing=none");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            Asked asked = Asked.of(positions);
            Generator generator = variant.model().generator();
            variant.model().parameters().gradients().zero_();
            Mixed mixed = inBlocks(variant, asked, new MixedPrediction(disallowCorrect, temperature));
            mixed.predicted().surprisal().add(mixed.innerSurprisal()).backward();
            float[] gradient = variant.gradient();

            variant.model().parameters().gradients().zero_();
            List<Tensor> hidden_MH = encoded(variant, asked);
            List<Tensor> logits_MV = logits(generator, represented(generator, hidden_MH));
            Tensor parts_MK = generator.mixtureLogits(hidden_MH).detach().softmax(1);
            Tensor mixed_MV = torch.zeros_like(logits_MV.get(0).detach());
            Tensor inner = torch.zeros(new long[] {});
            Predicted last = null;
            for (int k = 0; k < heads; k++) {
                last = WholeLogits.predicted(
                        logits_MV.get(k),
                        asked.masked().originals_M(),
                        mixed.predicted().samples_M());
                inner = k < heads - 1 ? inner.add(last.surprisal()) : inner;
                mixed_MV = mixed_MV.add(logits_MV.get(k).detach().softmax(1).mul(parts_MK.narrow(1, k, 1)));
            }
            Predicted whole = Objects.requireNonNull(last);
            whole.surprisal().add(inner).backward();
            Tensor weights_MV = mixed_MV.pow(new Scalar(1 / temperature));
            if (disallowCorrect) {
                weights_MV = weights_MV.scatter(
                        1, asked.masked().originals_M().unsqueeze(1), torch.zeros_like(weights_MV.narrow(1, 0, 1)));
            }

            double expected = whole.surprisal().item_double();
            assertThat(mixed.predicted().surprisal().item_double()).isCloseTo(expected, within(1e-5 * expected));
            assertThat(mixed.innerSurprisal().item_double())
                    .isCloseTo(inner.item_double(), within(1e-5 * inner.item_double()))
                    .isGreaterThan(0.5 * (heads - 1) * expected);
            assertThat(furthest(HostCopy.toFloats(mixed.predicted().entropy_M()), HostCopy.toFloats(whole.entropy_M())))
                    .isLessThan(1e-4);
            assertThat(HostCopy.toInts(mixed.predicted().right_M())).isEqualTo(HostCopy.toInts(whole.right_M()));
            assertThat(HostCopy.toInts(mixed.predicted().samples_M()))
                    .isEqualTo(HostCopy.toInts(new Sampler(1).sample(weights_MV, asked.uniform_M())));
            float[] plain = variant.gradient();
            double largest = furthest(plain, new float[plain.length]);
            assertThat(furthest(gradient, plain)).isLessThan(1e-5 * largest);
        }
    }

    @Test
    void thePartsOfTheHeadsAndTheMixtureAddUpToOne() {
        try (Variant variant = Variant.of("amos");
                Engine.Scope scope = Variant.ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Asked asked = Asked.of(30);
            Generator generator = variant.model().generator();
            List<Tensor> hidden_MH = encoded(variant, asked);
            Tensor parts_MK = generator.mixtureLogits(hidden_MH).softmax(1);
            assertThat(parts_MK.shape()).containsExactly(30, 2);
            assertThat(parts_MK.std().item_double()).isGreaterThan(0.01);
            VocabularyBlocks.ofEach(
                    variant.model(),
                    generator.heads(),
                    represented(generator, hidden_MH),
                    asked.masked().originals_M(),
                    (blocks, first, rows) -> {
                        MixtureBlock mixture = MixtureBlock.of(
                                variant.model(),
                                blocks,
                                parts_MK,
                                new MixedPrediction(false, 1),
                                asked.masked().originals_M());
                        assertThat(sums(mixture.mixed_RV())).hasSize(30);
                        for (float sum : sums(mixture.mixed_RV())) {
                            assertThat(sum).isCloseTo(1, within(1e-5f));
                        }
                        for (float sum : sums(mixture.parts_RK())) {
                            assertThat(sum).isCloseTo(1, within(1e-6f));
                        }
                    });
        }
    }

    private static float[] sums(Tensor rows) {
        return HostCopy.toFloats(rows.sum(new long[] {1}, false, new ScalarTypeOptional()));
    }

    @Test
    void aMixtureThatDoesNotLearnIsOfEqualParts() {
        try (Variant variant = Variant.of("amos", "objective.mixture_weight=0");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            Asked asked = Asked.of(10);
            assertThat(HostCopy.toFloats(variant.model()
                            .generator()
                            .mixtureLogits(encoded(variant, asked))
                            .softmax(1)))
                    .containsOnly(0.5f);
            JointStep step = variant.pass(variant.masked(50));
            assertThat(step.replaced().shift()).isNull();
            assertThat(variant.masked(50).noise()).isEmpty();
        }
    }

    @Test
    void theLossOfAStepHasThatOfTheInnerHeadsInIt() {
        try (Variant variant = Variant.of("amos", "objective.mlm_weight=3", "objective.rtd_weight=2");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            JointStep step = variant.pass(variant.masked(50));
            double mlm = step.losses().value(Loss.MLM).orElseThrow().item_double();
            double inner = step.losses().value(Loss.INNER_MLM).orElseThrow().item_double();
            double rtd = step.losses().value(Loss.RTD).orElseThrow().item_double();
            assertThat(inner).isPositive().isNotEqualTo(mlm);
            assertThat(step.loss().item_double()).isCloseTo(3 * (mlm + inner) + 2 * rtd, within(1e-4));
        }
    }
}
