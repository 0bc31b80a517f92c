package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.EmbeddingShift;
import dev.changeling.model.Generator;
import dev.changeling.model.MaskedTokenHead;
import dev.changeling.model.Parameter;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.ExponentialNoise;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The adversarial mixture beside its plain form: all logits at once, Gumbel noise on them, autograd. */
class MixtureSensitivityTest {
    private static final String MIXTURE = "generator_mixture.dense.weight";

    private static float[] gradientOfMixture(Variant variant) {
        Map<String, Parameter.Part> gradients = variant.model()
                .parameters()
                .partsIn(variant.model().parameters().gradients());
        return HostCopy.toFloats(Objects.requireNonNull(gradients.get(MIXTURE)).tensor());
    }

    private static float[] gradientOfDiscriminator(Variant variant, MaskedBatch masked) {
        variant.model().parameters().gradients().zero_();
        variant.pass(masked).losses().ofDiscriminator().orElseThrow().backward();
        return gradientOfMixture(variant);
    }

    private static double largest(float[] numbers) {
        double largest = 0;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(largest(expected)).isGreaterThan(1e-5);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within((float) (1e-3 * largest(expected))));
        }
    }

    /**
     * The mixture of all heads over the whole vocabulary, [M, V], with its gradient; at some temperature, normalised.
     */
    private static Tensor drawnFrom(Variant variant, JointStep step, double temperature, boolean disallowCorrect) {
        Generator generator = variant.model().generator();
        List<Tensor> hidden_MH =
                generator.encodeForHeads(step.masked().input(), step.masked().positions_M(), Dropout.NONE);
        Tensor parts_MK = generator.mixtureLogits(hidden_MH).softmax(1);
        Tensor mixed_MV = null;
        for (int k = 0; k < hidden_MH.size(); k++) {
            MaskedTokenHead head = generator.heads().get(k);
            Tensor logits_MV = torch.matmul(
                            head.represent(hidden_MH.get(k)),
                            head.output().weight_VE().t())
                    .add(head.output().bias_V());
            Tensor part_MV = logits_MV.softmax(1).detach().mul(parts_MK.narrow(1, k, 1));
            mixed_MV = mixed_MV == null ? part_MV : mixed_MV.add(part_MV);
        }
        Tensor tempered_MV = Objects.requireNonNull(mixed_MV).pow(new Scalar(1 / temperature));
        if (disallowCorrect) {
            Tensor other_MV = torch.ones_like(tempered_MV.detach())
                    .scatter_(
                            1,
                            step.masked().originals_M().unsqueeze(1),
                            torch.zeros_like(tempered_MV.detach().narrow(1, 0, 1)));
            tempered_MV = tempered_MV.mul(other_MV);
        }
        return tempered_MV.div(tempered_MV.sum(new long[] {1}, true, new org.bytedeco.pytorch.ScalarTypeOptional()));
    }

    /** log q + G: the noise that belongs to the samples, [M, V]. */
    private static Tensor noisy(Tensor q_MV, Tensor samples_M, long[] seeds) {
        int positions = seeds.length;
        Tensor exponential_MV = torch.empty(q_MV.shape());
        ExponentialNoise.fill(exponential_MV, seeds, 0);
        Tensor ofSample_M1 = ExponentialNoise.ofRows(Variant.ENGINE, seeds, 0, positions);
        Tensor z_MV = exponential_MV.div(q_MV).add(ofSample_M1).log().neg();
        return z_MV.scatter(1, samples_M.unsqueeze(1), ofSample_M1.log().neg());
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, 1, false, embeddings, 2, 1",
        "0.3, 1, false, none, 2, 1",
        "0.3, 1, false, disentangled, 3, 1",
        "1, 0.8, true, embeddings, 3, 0.5",
        "0.7, 1.5, false, embeddings, 2, 3"
    })
    void theMixtureLearnsTheReversedGradientOfThePlainForm(
            double temperature,
            double drawTemperature,
            boolean disallowCorrect,
            String sharing,
            int heads,
            double weight) {
        try (Variant variant = Variant.of(
                        "amos",
                        "model.sharing=" + sharing,
                        "model.generator.layers=4",
                        "model.generator_heads=" + heads,
                        "objective.sampling.mixture_temperature=" + temperature,
                        "objective.sampling.temperature=" + drawTemperature,
                        "objective.sampling.disallow_correct=" + disallowCorrect,
                        "objective.mixture_weight=" + weight);
                Engine.Scope scope = Variant.ENGINE.scope()) {
            MaskedBatch masked = variant.masked(50);
            float[] gradient = gradientOfDiscriminator(variant, masked);
            JointStep step = variant.pass(masked);

            Electra model = variant.model();
            Tensor q_MV = drawnFrom(variant, step, drawTemperature, disallowCorrect);
            Tensor noise_MV;
            try (NoGradGuard noGrad = new NoGradGuard()) {
                noise_MV = noisy(q_MV, step.samples_M(), masked.noise()).sub(q_MV.log());
            }
            // Where q is 0 there is no noise; such a token is never drawn.
            Tensor possible_MV = q_MV.detach().gt(new Scalar(0));
            Tensor z_MV = torch.where(
                    possible_MV,
                    q_MV.clamp_min(new Scalar(1e-30)).log().add(noise_MV),
                    torch.full_like(noise_MV, new Scalar(-1e30)));
            Tensor y_MV = z_MV.div(new Scalar(temperature)).softmax(1);
            assertThat(HostCopy.toInts(y_MV.argmax(new LongOptional(1), false)))
                    .isEqualTo(HostCopy.toInts(step.samples_M()));
            Tensor words_VE = model.discriminator().words_VE().detach();
            Tensor embedding_ME = torch.matmul(y_MV, words_VE);
            Tensor straightThrough_ME = embedding_ME.sub(embedding_ME.detach());
            Tensor loss = new RtdLoss(
                            Totals.of(List.of(masked)).tokens(),
                            variant.config().objective().lossEpsilon())
                    .of(
                            model.discriminator()
                                    .score(model.discriminator()
                                            .encode(
                                                    step.replaced().input(),
                                                    new EmbeddingShift(
                                                            step.masked().positions_M(), straightThrough_ME),
                                                    Dropout.NONE)),
                            step.replaced().labels_T())
                    .mul(new Scalar(-weight * variant.config().objective().rtdWeight()));
            model.parameters().gradients().zero_();
            loss.backward();

            assertThat(masked.noise()).hasSize(masked.masked().count());
            assertClose(gradient, gradientOfMixture(variant));
        }
    }

    /**
     * Moves v as an optimizer would, with the noise as it was: the discriminator's loss grows by what the gradient
     * says.
     */
    @Test
    void aStepOfTheMixtureMakesTheDiscriminatorsLossLarger() {
        try (Variant variant = Variant.of("amos", "objective.mixture_weight=2");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            MaskedBatch masked = variant.masked(50);
            float[] gradient = gradientOfDiscriminator(variant, masked);
            JointStep step = variant.pass(masked);
            assertThat(largest(HostCopy.toFloats(shiftOf(step).shift_ME()))).isZero();
            Tensor v = variant.model().parameters().part(MIXTURE).tensor();
            Tensor moved;
            Tensor before;
            double squares = 0;
            for (float number : gradient) {
                squares += number * number;
            }
            double length = 0.05 / Math.sqrt(squares);
            try (NoGradGuard noGrad = new NoGradGuard()) {
                Tensor q_MV = drawnFrom(variant, step, 1, false);
                Tensor noise_MV = noisy(q_MV, step.samples_M(), masked.noise()).sub(q_MV.log());
                before = relaxed(q_MV, noise_MV);
                v.sub_(HostCopy.toDevice(Variant.ENGINE, gradient, v.shape()), new Scalar(length));
                moved = relaxed(drawnFrom(variant, step, 1, false), noise_MV);
                Tensor shift_ME = torch.matmul(
                        moved.sub(before), variant.model().discriminator().words_VE());
                double grown = rtdLoss(variant, step, shift_ME) - rtdLoss(variant, step, shift_ME.mul(new Scalar(0)));
                double expected =
                        length * squares / 2 / variant.config().objective().rtdWeight();
                assertThat(grown).isPositive().isCloseTo(expected, within(0.2 * expected));
            }
        }
    }

    private static EmbeddingShift shiftOf(JointStep step) {
        return Objects.requireNonNull(step.replaced().shift());
    }

    private static Tensor relaxed(Tensor q_MV, Tensor noise_MV) {
        return q_MV.log().add(noise_MV).div(new Scalar(0.3)).softmax(1);
    }

    private static double rtdLoss(Variant variant, JointStep step, Tensor shift_ME) {
        Tensor hidden_TH = variant.model()
                .discriminator()
                .encode(
                        step.replaced().input(),
                        new EmbeddingShift(step.masked().positions_M(), shift_ME),
                        Dropout.NONE);
        Tensor labels_T = step.replaced().labels_T();
        return new RtdLoss(labels_T.size(0), 1e-6)
                .of(variant.model().discriminator().score(hidden_TH), labels_T)
                .item_double();
    }

    @Test
    void onlyTheMixtureLearnsFromTheDiscriminatorWhatItWouldNotWithoutIt() {
        Map<String, Float> with;
        float[] shared;
        float[] sharedWithout;
        int[] samples;
        try (Variant variant = Variant.of("amos")) {
            with = variant.gradients(Losses::ofDiscriminator, 50);
            shared = variant.gradient();
            try (Engine.Scope scope = Variant.ENGINE.scope()) {
                samples = HostCopy.toInts(variant.pass(variant.masked(50)).samples_M());
            }
            assertThat(with.get("generator_mixture prediction")).isPositive();
            assertThat(with.get("generator trunk")).isZero();
            assertThat(with.get("generator prediction")).isZero();
            assertThat(with.get("generator_inner_0 prediction")).isZero();
        }
        try (Variant same = Variant.of("amos", "objective.mixture_weight=1e-30")) {
            same.gradients(Losses::ofDiscriminator, 50);
            sharedWithout = same.gradient();
            try (Engine.Scope scope = Variant.ENGINE.scope()) {
                assertThat(HostCopy.toInts(same.pass(same.masked(50)).samples_M()))
                        .isEqualTo(samples);
                int differing = 0;
                float[] mixture = gradientOfMixture(same);
                for (int i = 0; i < shared.length; i++) {
                    differing += shared[i] == sharedWithout[i] ? 0 : 1;
                }
                assertThat(differing).isLessThanOrEqualTo(mixture.length).isPositive();
            }
        }
    }

    @Test
    void twiceTheWeightIsTwiceTheGradient() {
        try (Variant once = Variant.of("amos");
                Variant twice = Variant.of("amos", "objective.mixture_weight=2");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            float[] single = gradientOfDiscriminator(once, once.masked(50));
            float[] both = gradientOfDiscriminator(twice, twice.masked(50));
            for (int i = 0; i < single.length; i++) {
                single[i] *= 2;
            }
            assertClose(both, single);
        }
    }

    @Test
    void aStepRepeatsToTheLastBit() {
        try (Variant variant = Variant.of("amos");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            float[] first = gradientOfDiscriminator(variant, variant.masked(50));
            assertThat(gradientOfDiscriminator(variant, variant.masked(50))).isEqualTo(first);
            assertThat(gradientOfDiscriminator(variant, variant.masked(51))).isNotEqualTo(first);
        }
    }

    @Test
    void aBatchTeachesTheSameHoweverItIsCut() {
        try (Variant variant = Variant.of("amos");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            MaskedBatch whole = variant.masked(50);
            Totals totals = Totals.of(List.of(whole));
            float[] gradient = gradientOfDiscriminator(variant, whole);
            variant.model().parameters().gradients().zero_();
            for (int first = 0; first < 6; first += 2) {
                MaskedBatch part =
                        variant.objective().mask(TestBatches.rows(Variant.batch(), first, 2), Variant.SEED, 50, first);
                variant.objective()
                        .step(variant.model(), part, totals, Dropout.NONE)
                        .losses()
                        .ofDiscriminator()
                        .orElseThrow()
                        .backward();
            }
            assertClose(gradientOfMixture(variant), gradient);
        }
    }

    @Test
    void whatTheMixtureHasNotWrittenTeachesItNothing() {
        try (Variant variant = Variant.of("amos", "objective.sampling.unigram_fraction=0.999999");
                Engine.Scope scope = Variant.ENGINE.scope()) {
            assertThat(gradientOfDiscriminator(variant, variant.masked(50))).containsOnly(0);
        }
    }

    @Test
    void samplesAndNoiseTogetherAreAsIfGumbelNoiseHadBeenDrawnFirst() {
        // Of q = (½, ⅓, ⅙): the mean of y is that of a Gumbel-softmax whose noise is drawn without looking at samples.
        float[] q = {1 / 2f, 1 / 3f, 1 / 6f};
        int draws = 200_000;
        double temperature = 0.5;
        System.out.println("seed 5");
        RandomStream random = RandomStream.of(5, Purpose.MIXTURE);
        double[] expected = new double[3];
        double[] expectedSquares = new double[3];
        for (int i = 0; i < draws; i++) {
            double[] y = new double[3];
            for (int v = 0; v < 3; v++) {
                y[v] = Math.pow(-Math.log(1 - random.nextDouble()) / q[v], -1 / temperature);
            }
            double sum = Arrays.stream(y).sum();
            for (int v = 0; v < 3; v++) {
                expected[v] += y[v] / sum / draws;
                expectedSquares[v] += y[v] * y[v] / sum / sum / draws;
            }
        }
        try (Engine.Scope scope = Variant.ENGINE.scope()) {
            long[] seeds = new long[draws];
            float[] uniform = new float[draws];
            for (int i = 0; i < draws; i++) {
                seeds[i] = random.nextLong();
                uniform[i] = random.nextFloat();
            }
            Tensor q_MV = HostCopy.toDevice(Variant.ENGINE, q, 1, 3).expand(draws, 3);
            List<Tensor> all = new ArrayList<>();
            all.add(new Sampler(1).sample(q_MV.contiguous(), HostCopy.toDevice(Variant.ENGINE, uniform, draws)));
            Tensor y_MV =
                    noisy(q_MV, all.get(0), seeds).div(new Scalar(temperature)).softmax(1);
            float[] y = HostCopy.toFloats(y_MV);
            for (int v = 0; v < 3; v++) {
                double mean = 0;
                double squares = 0;
                for (int i = 0; i < draws; i++) {
                    mean += y[3 * i + v] / (double) draws;
                    squares += (double) y[3 * i + v] * y[3 * i + v] / draws;
                }
                assertThat(mean).isCloseTo(expected[v], within(0.005));
                assertThat(squares).isCloseTo(expectedSquares[v], within(0.005));
            }
        }
    }
}
