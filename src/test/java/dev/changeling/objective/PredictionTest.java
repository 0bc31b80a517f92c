package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.model.PackedInput;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Prediction} beside the logits as a whole, by autograd. */
class PredictionTest {
    private static final long SEED = 17;
    private static final int VOCABULARY = 300;
    private static final int ROWS = 12;
    private static final int LENGTH = 32;
    private static final Engine ENGINE = TestConfigs.engine();

    /** What one of the two ways gave. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    private record Outcome(
            double surprisal, float[] entropy, float[] right, int[] samples, float[] gradient, boolean learns) {}

    @FunctionalInterface
    private interface Way {
        Predicted predict(Electra model, Masked masked, Tensor uniform_M);
    }

    private static Electra model(Engine engine) {
        ModelConfig plain = TestConfigs.model(InitializationConfig.Scheme.STANDARD);
        // Far from the even predictions of the usual start.
        InitializationConfig wide = new InitializationConfig(InitializationConfig.Scheme.STANDARD, 0.3, 0, 0);
        ModelConfig config = new ModelConfig(
                plain.embeddingSize(),
                plain.maxPositions(),
                plain.segmentTypes(),
                0,
                0,
                plain.layerNormEpsilon(),
                wide,
                plain.discriminator(),
                plain.generator());
        Electra model = new Electra(engine, config, VOCABULARY);
        Initialization.apply(model, config, SEED);
        HostCopy.fromFloats(
                uniforms(VOCABULARY), model.generator().head().output().bias_V().detach());
        return model;
    }

    private static float[] uniforms(int count) {
        RandomStream random = RandomStream.of(SEED, Purpose.SAMPLING);
        float[] uniforms = new float[count];
        for (int i = 0; i < count; i++) {
            uniforms[i] = random.nextFloat();
        }
        return uniforms;
    }

    /** Masks the first positions of a batch, runs a way, and goes backward through a multiple of its loss. */
    private static Outcome outcome(Engine engine, Electra model, int positions, Way way) {
        try (Engine.Scope scope = engine.scope()) {
            PackedInput input = PackedInput.of(engine, TestBatches.random(SEED, ROWS, LENGTH, VOCABULARY));
            int[] masked = new int[positions];
            int[] originals = new int[positions];
            RandomStream random = RandomStream.of(SEED, Purpose.MASKING);
            for (int i = 0; i < positions; i++) {
                masked[i] = i;
                originals[i] = random.nextInt(VOCABULARY);
            }
            Tensor originals_M = HostCopy.toDevice(engine, originals, positions);
            Predicted predicted = way.predict(
                    model,
                    new Masked(input, HostCopy.toDevice(engine, masked, positions), originals_M),
                    HostCopy.toDevice(engine, uniforms(positions), positions));
            model.parameters().gradients().zero_();
            if (predicted.surprisal().requires_grad()) {
                predicted.surprisal().mul(new org.bytedeco.pytorch.Scalar(3)).backward();
            }
            return new Outcome(
                    predicted.surprisal().item_double(),
                    HostCopy.toFloats(predicted.entropy_M()),
                    HostCopy.toFloats(predicted.right_M()),
                    HostCopy.toInts(predicted.samples_M()),
                    HostCopy.toFloats(model.parameters().gradients()),
                    predicted.surprisal().requires_grad());
        }
    }

    private static Way inBlocks(double temperature) {
        return (model, masked, uniform_M) -> inBlocks(model, masked, uniform_M, new Sampler(temperature));
    }

    private static Predicted inBlocks(Electra model, Masked masked, Tensor uniform_M, Sampler sampler) {
        Tensor hidden_MH = model.generator().encode(masked.input(), masked.positions_M(), Dropout.NONE);
        Tensor hidden_ME = model.generator().head().represent(hidden_MH).to(torch.ScalarType.Float);
        return new Prediction(false).of(model, hidden_ME, masked.originals_M(), uniform_M, sampler);
    }

    private static Way asAWhole(double temperature) {
        return (model, masked, uniform_M) -> {
            Tensor logits_MV = model.generator()
                    .predict(masked.input(), masked.positions_M(), Dropout.NONE)
                    .to(torch.ScalarType.Float);
            Tensor tempered_MV = logits_MV.detach().div(new org.bytedeco.pytorch.Scalar(temperature));
            Tensor samples_M = new Sampler(1).sample(torch.softmax(tempered_MV, 1), uniform_M);
            return WholeLogits.predicted(logits_MV, masked.originals_M(), samples_M);
        };
    }

    private static double largest(float[] numbers) {
        double largest = 0;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    private static double difference(float[] left, float[] right) {
        assertThat(left).hasSameSizeAs(right);
        double largest = 0;
        for (int i = 0; i < left.length; i++) {
            largest = Math.max(largest, Math.abs(left[i] - right[i]));
        }
        return largest;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 127, VocabularyBlocks.SIZE, VocabularyBlocks.SIZE + 1, 2 * VocabularyBlocks.SIZE, 383})
    void givesTheSameLossGradientAndSamplesAsAllLogitsAtOnce(int positions) {
        try (Electra model = model(ENGINE)) {
            Outcome whole = outcome(ENGINE, model, positions, asAWhole(1));
            Outcome blocks = outcome(ENGINE, model, positions, inBlocks(1));
            assertThat(blocks.surprisal()).isCloseTo(whole.surprisal(), within(1e-5 * whole.surprisal()));
            assertThat(difference(blocks.entropy(), whole.entropy())).isLessThan(1e-4);
            assertThat(largest(whole.entropy())).isGreaterThan(0.5);
            assertThat(blocks.right()).isEqualTo(whole.right());
            assertThat(blocks.samples()).isEqualTo(whole.samples());
            assertThat(difference(blocks.gradient(), whole.gradient())).isLessThan(1e-5 * largest(whole.gradient()));
        }
    }

    @Test
    void countsWhatIsRight() {
        try (Electra model = model(ENGINE)) {
            Way guessing = (network, masked, uniform_M) -> {
                Tensor logits_MV = network.generator().predict(masked.input(), masked.positions_M(), Dropout.NONE);
                Tensor guesses_M = logits_MV.argmax(new org.bytedeco.pytorch.LongOptional(1), false);
                return inBlocks(
                        network,
                        new Masked(masked.input(), masked.positions_M(), guesses_M),
                        uniform_M,
                        new Sampler(1));
            };
            assertThat(outcome(ENGINE, model, 200, guessing).right())
                    .hasSize(200)
                    .containsOnly(1);
        }
    }

    @Test
    void drawsAtTheTemperature() {
        try (Electra model = model(ENGINE)) {
            int[] plain = outcome(ENGINE, model, 300, inBlocks(1)).samples();
            for (double temperature : new double[] {0.5, 3}) {
                int[] samples =
                        outcome(ENGINE, model, 300, inBlocks(temperature)).samples();
                assertThat(samples)
                        .isEqualTo(outcome(ENGINE, model, 300, asAWhole(temperature))
                                .samples())
                        .isNotEqualTo(plain);
            }
        }
    }

    @Test
    void hasNeitherLossNorGradientForNoPositions() {
        try (Electra model = model(ENGINE)) {
            Outcome none = outcome(ENGINE, model, 0, inBlocks(1));
            assertThat(none.surprisal()).isZero();
            assertThat(none.samples()).isEmpty();
            assertThat(largest(none.gradient())).isZero();
        }
    }

    @Test
    void leavesNothingOfABatchInTheNext() {
        try (Electra model = model(ENGINE)) {
            Outcome first = outcome(ENGINE, model, 130, inBlocks(1));
            outcome(ENGINE, model, 383, inBlocks(1));
            Outcome again = outcome(ENGINE, model, 130, inBlocks(1));
            assertThat(again.surprisal()).isEqualTo(first.surprisal());
            assertThat(again.gradient()).isEqualTo(first.gradient());
        }
    }

    @Test
    void computesNoGradientWhenNoneIsWanted() {
        try (Electra model = model(ENGINE);
                NoGradGuard noGrad = new NoGradGuard()) {
            Outcome evaluated = outcome(ENGINE, model, 200, inBlocks(1));
            assertThat(evaluated.learns()).isFalse();
            assertThat(evaluated.surprisal()).isPositive();
        }
    }

    @Test
    void passesNumbersThatAreNoNumbersOnInTheLoss() {
        try (Electra model = model(ENGINE)) {
            HostCopy.fromFloats(
                    new float[] {Float.NaN},
                    model.generator().head().output().bias_V().detach().narrow(0, 7, 1));
            Outcome broken = outcome(ENGINE, model, 200, inBlocks(1));
            assertThat(broken.surprisal()).isNaN();
            for (int sample : broken.samples()) {
                assertThat(sample).isBetween(0, VOCABULARY - 1);
            }
        }
    }

    @Test
    void multipliesInTheEnginesPrecision() {
        Engine half = Engine.start(Device.CPU, Precision.BFLOAT16, 1);
        try (Electra model = model(half)) {
            Outcome whole = outcome(half, model, 200, asAWhole(1));
            Outcome blocks = outcome(half, model, 200, inBlocks(1));
            assertThat(blocks.surprisal()).isCloseTo(whole.surprisal(), within(0.01 * whole.surprisal()));
            assertThat(difference(blocks.gradient(), whole.gradient())).isLessThan(0.03 * largest(whole.gradient()));
        }
    }
}
