package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class LocalInitializationTest {
    private static final Engine ENGINE = TestConfigs.engine();
    private static final int VOCABULARY = 60;
    private static final int EMBEDDING = 64;
    private static final int RESERVED = 32;
    private static final int POSITIONS = 48;
    private static final double DEVIATION = 0.05;

    // The generator is as wide as the tables; the discriminator reads them through its projection.
    private static final NetworkConfig GENERATOR = new NetworkConfig(2, 64, 2, 128);
    private static final NetworkConfig DISCRIMINATOR = new NetworkConfig(2, 128, 4, 256);
    private static final ModelConfig CONFIG = new ModelConfig(
            EMBEDDING,
            POSITIONS,
            2,
            0,
            0,
            1e-12,
            new InitializationConfig(InitializationConfig.Scheme.LOCAL, DEVIATION, RESERVED, 0.7),
            DISCRIMINATOR,
            GENERATOR);

    private static Electra model() {
        Electra model = new Electra(ENGINE, CONFIG, VOCABULARY);
        Initialization.apply(model, CONFIG, 3);
        return model;
    }

    private static float[] weights(Electra model, String name) {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(model.parameters().part(name).tensor());
        }
    }

    @Test
    void keepsTokensAndSegmentsOutOfTheDimensionsReservedForPosition() {
        try (Electra model = model()) {
            for (String table : new String[] {"word", "token_type"}) {
                float[] values = weights(model, "shared.electra.embeddings." + table + "_embeddings.weight");
                for (int i = 0; i < values.length; i++) {
                    if (i % EMBEDDING >= EMBEDDING - RESERVED) {
                        assertThat(values[i]).isZero();
                    } else {
                        assertThat(values[i]).isNotZero();
                    }
                }
            }
        }
    }

    @Test
    void writesAWaveForEachReservedPairIntoThePositionTable() {
        try (Electra model = model()) {
            float[] table = weights(model, "shared.electra.embeddings.position_embeddings.weight");
            double amplitude = Math.sqrt(6) * DEVIATION;
            for (int position : new int[] {0, 1, 17, 47}) {
                for (int pair : new int[] {0, 7, 15}) {
                    double angle = Math.PI * Math.pow((pair + 0.5) / 16, 1.2) * position;
                    int at = position * EMBEDDING + EMBEDDING - RESERVED + 2 * pair;
                    assertThat(table[at]).isCloseTo((float) (amplitude * Math.cos(angle)), within(1e-6f));
                    assertThat(table[at + 1]).isCloseTo((float) (amplitude * Math.sin(angle)), within(1e-6f));
                }
            }
        }
    }

    /** Evenly spaced frequencies fail this: positions 64 apart would be the same. */
    @Test
    void noTwoPositionsOfALongRowLookAlike() {
        int positions = 512;
        ModelConfig longRows = new ModelConfig(
                EMBEDDING,
                positions,
                CONFIG.segmentTypes(),
                0,
                0,
                CONFIG.layerNormEpsilon(),
                CONFIG.initialization(),
                DISCRIMINATOR,
                GENERATOR);
        try (Electra model = new Electra(ENGINE, longRows, VOCABULARY)) {
            Initialization.apply(model, longRows, 3);
            float[] table = weights(model, "shared.electra.embeddings.position_embeddings.weight");
            double own = likeness(table, 0, 0);
            for (int other = 1; other < positions; other++) {
                assertThat(likeness(table, 0, other) / own)
                        .as("positions %d apart", other)
                        .isLessThan(0.46);
            }
        }
    }

    private static double likeness(float[] table, int one, int other) {
        double sum = 0;
        for (int d = EMBEDDING - RESERVED; d < EMBEDDING; d++) {
            sum += table[one * EMBEDDING + d] * table[other * EMBEDDING + d];
        }
        return sum;
    }

    @Test
    void theProjectionPassesPositionsOn() {
        try (Electra model = model()) {
            float[] projection = weights(model, "discriminator.electra.embeddings_project.weight");
            int hidden = DISCRIMINATOR.hiddenSize();
            for (int d = 0; d < RESERVED; d++) {
                for (int column = 0; column < EMBEDDING; column++) {
                    int row = hidden - RESERVED + d;
                    assertThat(projection[row * EMBEDDING + column])
                            .isEqualTo(column == EMBEDDING - RESERVED + d ? 1 : 0);
                }
            }
        }
    }

    @Test
    void headsOfBothNetworksLookAtTheirNeighbours() {
        try (Electra model = model()) {
            for (int layer = 0; layer < 2; layer++) {
                assertHeadsPeakAtTheirOffsets(model, Generator.PREFIX, GENERATOR, layer, -1, 1);
                assertHeadsPeakAtTheirOffsets(model, Discriminator.PREFIX, DISCRIMINATOR, layer, -1, 1, -2, 2);
            }
        }
    }

    // q·k of a layer on the embeddings of random tokens, in plain arithmetic.
    private static void assertHeadsPeakAtTheirOffsets(
            Electra model, String prefix, NetworkConfig network, int layer, int... offsets) {
        int hidden = network.hiddenSize();
        int width = hidden / network.heads();
        String attention = prefix + "electra.encoder.layer." + layer + ".attention.self.";
        double[][] inputs = inputs(model, prefix, hidden);
        double[][] queries = product(inputs, weights(model, attention + "query.weight"), hidden);
        double[][] keys = product(inputs, weights(model, attention + "key.weight"), hidden);
        for (int head = 0; head < network.heads(); head++) {
            for (int i = 2; i < inputs.length - 2; i++) {
                int best = -1;
                double highest = Double.NEGATIVE_INFINITY;
                for (int j = 0; j < inputs.length; j++) {
                    double score = 0;
                    for (int d = head * width; d < (head + 1) * width; d++) {
                        score += queries[i][d] * keys[j][d];
                    }
                    if (score > highest) {
                        highest = score;
                        best = j;
                    }
                }
                assertThat(best)
                        .as("%s head %d at position %d", attention, head, i)
                        .isEqualTo(i + offsets[head]);
            }
        }
    }

    private static double[][] inputs(Electra model, String prefix, int hidden) {
        float[] words = weights(model, "shared.electra.embeddings.word_embeddings.weight");
        float[] positions = weights(model, "shared.electra.embeddings.position_embeddings.weight");
        float[] segments = weights(model, "shared.electra.embeddings.token_type_embeddings.weight");
        RandomStream random = RandomStream.of(3, Purpose.ORDER);
        double[][] embedded = new double[POSITIONS][EMBEDDING];
        for (int i = 0; i < POSITIONS; i++) {
            int token = random.nextInt(VOCABULARY);
            for (int d = 0; d < EMBEDDING; d++) {
                embedded[i][d] = words[token * EMBEDDING + d] + positions[i * EMBEDDING + d] + segments[d];
            }
            normalize(embedded[i]);
        }
        return hidden == EMBEDDING
                ? embedded
                : product(embedded, weights(model, prefix + "electra.embeddings_project.weight"), hidden);
    }

    private static void normalize(double[] x) {
        double mean = 0;
        double squares = 0;
        for (double value : x) {
            mean += value / x.length;
            squares += value * value / x.length;
        }
        double deviation = Math.sqrt(squares - mean * mean);
        for (int d = 0; d < x.length; d++) {
            x[d] = (x[d] - mean) / deviation;
        }
    }

    private static double[][] product(double[][] inputs, float[] weight, int out) {
        double[][] products = new double[inputs.length][out];
        for (int i = 0; i < inputs.length; i++) {
            int in = inputs[i].length;
            for (int o = 0; o < out; o++) {
                for (int d = 0; d < in; d++) {
                    products[i][o] += inputs[i][d] * weight[o * in + d];
                }
            }
        }
        return products;
    }

    @Test
    void changesNothingElse() {
        ModelConfig standard = new ModelConfig(
                EMBEDDING,
                POSITIONS,
                2,
                0,
                0,
                1e-12,
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, DEVIATION, RESERVED, 0.7),
                DISCRIMINATOR,
                GENERATOR);
        try (Electra local = model();
                Electra plain = new Electra(ENGINE, standard, VOCABULARY);
                Engine.Scope scope = ENGINE.scope()) {
            Initialization.apply(plain, standard, 3);
            local.parameters().parts().forEach((name, part) -> {
                Tensor other = plain.parameters().part(name).tensor();
                boolean differs = name.matches(
                        ".*(_embeddings|embeddings_project|attention\\.self\\.query|attention\\.self\\.key)\\.weight");
                assertThat(part.tensor().equal(other)).as(name).isEqualTo(!differs);
            });
        }
    }
}
