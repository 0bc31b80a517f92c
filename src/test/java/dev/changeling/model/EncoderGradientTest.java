package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The gradients of the encoder that are written by hand, held to autograd's and to what the loss does. */
class EncoderGradientTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int HIDDEN = 32;
    private static final long SEED = 11;

    private static double furthest(Tensor actual, Tensor expected) {
        return actual.sub(expected).abs().max().item_double()
                / expected.abs().max().item_double();
    }

    /** Rows that are one whole sequence; or, in their turn, two and padding, or padding alone. */
    private static AttentionBias bias(int rows, int length, boolean mixed) {
        RandomStream random = RandomStream.of(SEED, Purpose.ORDER);
        Batch batch = TestBatches.rows(length, rows, row -> switch (mixed ? row % 4 : 0) {
            case 1 ->
                new int[][] {TestBatches.sequence(random, length / 3, 50), TestBatches.sequence(random, length / 2, 50)
                };
            case 2 -> new int[][] {};
            default -> new int[][] {TestBatches.sequence(random, length, 50)};
        });
        return PackedInput.of(ENGINE, batch).attentionBias();
    }

    @ParameterizedTest
    @CsvSource({
        "300, 24, 2, 0.1, 0.1, true", // several blocks of attention, the last one smaller
        "301, 24, 2, 0.3, 0.2, false",
        "16, 24, 1, 0, 0.1, true",
        "64, 6, 4, 0.2, 0, true",
        "64, 2, 2, 0, 0, false",
        "2, 320, 2, 0.1, 0.1, true" // a row is larger than a block
    })
    void aLayersGradientsAreAutograds(
            int rows, int length, int heads, double hiddenDropout, double attentionDropout, boolean mixed) {
        ParameterStore store = new ParameterStore();
        EncoderLayer layer = new EncoderLayer(store, "layer.0.", new NetworkConfig(1, HIDDEN, heads, 64), 1e-12);
        store.allocate(ENGINE);
        try (Engine.Scope scope = ENGINE.scope()) {
            torch.manual_seed(SEED);
            try (NoGradGuard noGrad = new NoGradGuard()) {
                store.values().normal_(0, 0.3, new GeneratorOptional());
            }
            AttentionBias bias = bias(rows, length, mixed);
            Tensor x = torch.randn(rows, length, HIDDEN);
            x.set_requires_grad(true);
            Tensor gradient = torch.randn(rows, length, HIDDEN);

            Tensor expected = layer.apply(x, bias, Dropout.seeded(ENGINE, hiddenDropout, attentionDropout, SEED));
            expected.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
            Tensor expectedOfX = x.grad().clone();
            Tensor expectedOfParameters = store.gradients().clone();
            store.gradients().zero_();

            assumeTrue(layer.canDifferentiate(x), "oneDNN");
            Dropout same = Dropout.seeded(ENGINE, hiddenDropout, attentionDropout, SEED);
            try (NoGradGuard noGrad = new NoGradGuard()) {
                Differentiated byHand = layer.differentiate(x.detach(), bias, same);
                assertThat(furthest(byHand.output(), expected.detach())).isLessThan(1e-5);
                assertThat(furthest(byHand.pullback().apply(gradient), expectedOfX))
                        .isLessThan(1e-4);
            }
            assertThat(furthest(store.gradients(), expectedOfParameters)).isLessThan(1e-4);
            for (Parameter parameter : store.parameters()) { // also where the gradients are small
                for (int i = 0; i < parameter.parts().size(); i++) {
                    Tensor of = parameter.partsIn(store.gradients()).get(i).tensor();
                    Tensor expectedOf =
                            parameter.partsIn(expectedOfParameters).get(i).tensor();
                    // Adding to all keys alike changes no attention: their bias has no gradient but rounding errors.
                    if (!parameter.names().get(i).endsWith("key.bias")) {
                        assertThat(furthest(of, expectedOf))
                                .as(parameter.names().get(i))
                                .isLessThan(1e-3);
                    }
                }
            }
        } finally {
            store.close();
        }
    }

    @Test
    void frozenParametersGetNone() {
        ParameterStore store = new ParameterStore();
        EncoderLayer layer = new EncoderLayer(store, "layer.0.", new NetworkConfig(1, HIDDEN, 2, 64), 1e-12);
        store.allocate(ENGINE);
        try (Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            store.values().normal_(0, 0.3, new GeneratorOptional());
            store.parameters().forEach(parameter -> parameter.tensor().set_requires_grad(false));
            Tensor x = torch.randn(4, 24, HIDDEN);
            Tensor ofX = layer.differentiate(x, bias(4, 24, false), Dropout.NONE)
                    .pullback()
                    .apply(torch.randn(4, 24, HIDDEN));
            assertThat(ofX.abs().sum().item_double()).isPositive();
            assertThat(store.gradients().abs().sum().item_double()).isZero();
        } finally {
            store.close();
        }
    }

    private static ModelConfig threeLayers() {
        ModelConfig model = TestConfigs.model(InitializationConfig.Scheme.STANDARD);
        NetworkConfig network = new NetworkConfig(3, 64, 2, 128);
        return new ModelConfig(
                model.embeddingSize(),
                model.maxPositions(),
                model.segmentTypes(),
                0.1,
                0.1,
                model.layerNormEpsilon(),
                model.initialization(),
                network,
                network);
    }

    /** Four rows of 24 tokens that each hold sequences of these lengths. */
    private static PackedInput fourRows(int... lengths) {
        RandomStream random = RandomStream.of(SEED, Purpose.ORDER);
        return PackedInput.of(
                ENGINE,
                TestBatches.rows(
                        24,
                        4,
                        row -> Arrays.stream(lengths)
                                .mapToObj(length -> TestBatches.sequence(random, length, 50))
                                .toArray(int[][]::new)));
    }

    /** Steps a little along a random direction: the loss changes by as much as the gradient says. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void theLossFollowsTheGradientOfAStackOfLayers(boolean discriminator) {
        ModelConfig config = threeLayers();
        try (Electra model = new Electra(ENGINE, config, 50);
                Engine.Scope scope = ENGINE.scope()) {
            Initialization.apply(model, config, 5);
            PackedInput input = fourRows(9, 15);
            int[] some = {1, 2, 5, 30, 31, 50, 70, 95};
            Tensor positions_M = HostCopy.toDevice(ENGINE, some, some.length);
            torch.manual_seed(SEED);
            Tensor weights = discriminator ? torch.randn(4 * 24) : torch.randn(some.length, 64);
            Tensor values = model.parameters().values();
            Tensor start = values.clone();
            Tensor direction = torch.randn(values.shape());

            double[] losses = new double[3];
            for (int i = 0; i < 3; i++) {
                try (NoGradGuard noGrad = new NoGradGuard()) {
                    values.copy_(start.add(direction, new Scalar((i - 1) * 1e-4)));
                }
                Dropout dropout = Dropout.seeded(ENGINE, 0.1, 0.1, SEED);
                Tensor output = discriminator
                        ? model.discriminator().score(input, dropout)
                        : model.generator().head().represent(model.generator().encode(input, positions_M, dropout));
                Tensor loss = output.mul(weights).sum();
                losses[i] = loss.item_double();
                if (i == 1) {
                    loss.backward();
                }
            }
            double expected = (losses[2] - losses[0]) / 2e-4;
            double slope = model.parameters().gradients().dot(direction).item_double();
            assertThat(slope)
                    .as("losses %s", Arrays.toString(losses))
                    .isCloseTo(expected, within(0.03 * Math.abs(expected)));
            assertThat(Math.abs(expected)).isGreaterThan(0.5);
        }
    }

    @Test
    void atSomePositionsTheLastLayerIsWhatItIsAmongAll() {
        ModelConfig config = threeLayers();
        try (Electra model = new Electra(ENGINE, config, 50);
                Engine.Scope scope = ENGINE.scope()) {
            Initialization.apply(model, config, 5);
            PackedInput input = fourRows(24);
            int[] some = {0, 7, 40, 95};
            Tensor positions_M = HostCopy.toDevice(ENGINE, some, some.length);
            TransformerEncoder encoder = model.discriminator().encoder();
            Tensor all_TH = TransformerEncoder.flat(encoder.encode(input, Dropout.NONE));
            assertThat(furthest(
                            encoder.encodeAt(positions_M, input, Dropout.NONE), all_TH.index_select(0, positions_M)))
                    .isLessThan(1e-5);
        }
    }
}
