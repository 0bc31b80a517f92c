package dev.changeling.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.error.InputException;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.PackedInput;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported graphs answer in ONNX Runtime as the network does in libtorch. */
class EngineParityTest {
    private static final int POSITIONS = 40;
    private static final int[][] SHAPES = {{1, 1}, {1, 3}, {1, POSITIONS}, {2, 7}, {5, 16}, {3, POSITIONS}};

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({"16, 24, 4, 2, 1e-12", "32, 32, 2, 1, 1e-12", "24, 16, 1, 3, 1e-3"})
    void bothOutputsOfBatchesOfEachShape(int embedding, int hidden, int heads, int layers, double epsilon)
            throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ModelConfig config = config(embedding, hidden, heads, layers, epsilon);
        try (Electra model = OnnxFolders.model(config, seed)) {
            Path folder = OnnxFolders.discriminator(model, config, temporary);
            OnnxFolders.export(folder, temporary.resolve("detector"), Task.REPLACED_TOKEN_DETECTION);
            OnnxFolders.export(folder, temporary.resolve("encoder"), Task.FEATURE_EXTRACTION);
            try (OnnxSession detector = OnnxSession.open(temporary.resolve("detector/model.onnx"));
                    OnnxSession encoder = OnnxSession.open(temporary.resolve("encoder/model.onnx"))) {
                for (int[] shape : SHAPES) {
                    Batch batch = batch(shape[0], shape[1], random);
                    String what =
                            String.format(java.util.Locale.ROOT, "seed %d, batch %d × %d", seed, shape[0], shape[1]);
                    assertSame(what, model, batch, detector, encoder, hidden);
                }
            }
        }
    }

    private static void assertSame(
            String what, Electra model, Batch batch, OnnxSession detector, OnnxSession encoder, int hidden) {
        float[] scores_T;
        float[] states_BSH;
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(model.engine(), batch);
            scores_T = HostCopy.toFloats(model.discriminator().score(input, Dropout.NONE));
            Tensor states = model.discriminator().encoder().encode(input, Dropout.NONE);
            states_BSH = HostCopy.toFloats(states);
        }
        OnnxSession.Answer logits_BS = run(detector, batch);
        OnnxSession.Answer onnxStates_BSH = run(encoder, batch);
        assertThat(logits_BS.shape()).as(what).containsExactly(batch.rows(), batch.length());
        assertThat(onnxStates_BSH.shape()).as(what).containsExactly(batch.rows(), batch.length(), hidden);
        int real = 0;
        for (int i = 0; i < batch.tokens().length; i++) {
            if (batch.sequences()[i] == 0) {
                continue;
            }
            assertThat(logits_BS.values()[i])
                    .as("%s, logit of token %d", what, i)
                    .isCloseTo(scores_T[real++], within(1e-4f));
            for (int unit = i * hidden; unit < (i + 1) * hidden; unit++) {
                assertThat(onnxStates_BSH.values()[unit])
                        .as("%s, state %d", what, unit)
                        .isCloseTo(states_BSH[unit], within(1e-4f));
            }
        }
        assertThat(real).isEqualTo(batch.realTokens());
    }

    @Test
    void paddingChangesNothing() throws IOException {
        ModelConfig config = config(16, 24, 4, 2, 1e-12);
        try (Electra model = OnnxFolders.model(config, 5)) {
            OnnxFolders.export(
                    OnnxFolders.discriminator(model, config, temporary),
                    temporary.resolve("detector"),
                    Task.REPLACED_TOKEN_DETECTION);
        }
        try (OnnxSession session = OnnxSession.open(temporary.resolve("detector/model.onnx"))) {
            long[] text = {2, 5, 6, 7, 3};
            float[] alone = session.run(new long[][] {text}, new long[][] {{1, 1, 1, 1, 1}}, new long[1][5])
                    .values();
            // What stands in padding must not matter, so it is not [PAD] here.
            float[] padded = session.run(
                            new long[][] {{2, 5, 6, 7, 3, 9, 9, 9}, {0, 0, 0, 0, 0, 0, 0, 0}},
                            new long[][] {{1, 1, 1, 1, 1, 0, 0, 0}, new long[8]},
                            new long[2][8])
                    .values();
            for (int i = 0; i < text.length; i++) {
                assertThat(padded[i]).isCloseTo(alone[i], within(1e-5f));
            }
            for (float value : padded) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void aTextLongerThanThePositionTableIsRefused() throws IOException {
        OnnxFolders.export(OnnxFolders.fixture("encoder"), temporary.resolve("out"), Task.FEATURE_EXTRACTION);
        try (OnnxSession session = OnnxSession.open(temporary.resolve("out/model.onnx"))) {
            assertThatThrownBy(() -> session.run(new long[1][13], new long[1][13], new long[1][13]))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("model.onnx: can't be run by ONNX Runtime: ")
                    .hasMessageContaining("electra.embeddings");
        }
    }

    private static OnnxSession.Answer run(OnnxSession session, Batch batch) {
        long[][] ids = new long[batch.rows()][batch.length()];
        long[][] mask = new long[batch.rows()][batch.length()];
        long[][] segments = new long[batch.rows()][batch.length()];
        for (int i = 0; i < batch.tokens().length; i++) {
            int row = i / batch.length();
            int column = i % batch.length();
            ids[row][column] = batch.tokens()[i];
            mask[row][column] = batch.sequences()[i] == 0 ? 0 : 1;
            segments[row][column] = batch.segments()[i];
        }
        return session.run(ids, mask, segments);
    }

    /** One sequence a row, of random tokens and length, the last part of it of segment 1; the first row is full. */
    private static Batch batch(int rows, int length, Random random) {
        int[] tokens = new int[rows * length];
        int[] sequences = new int[rows * length];
        int[] positions = new int[rows * length];
        int[] segments = new int[rows * length];
        int realTokens = 0;
        for (int row = 0; row < rows; row++) {
            int real = row == 0 ? length : 1 + random.nextInt(length);
            int second = random.nextInt(real + 1);
            for (int i = 0; i < real; i++) {
                tokens[row * length + i] =
                        random.nextInt(TestExports.vocabulary().size());
                sequences[row * length + i] = 1;
                positions[row * length + i] = i;
                segments[row * length + i] = i < second ? 0 : 1;
            }
            realTokens += real;
        }
        return new Batch(rows, length, tokens, sequences, positions, segments, realTokens);
    }

    private static ModelConfig config(int embedding, int hidden, int heads, int layers, double epsilon) {
        NetworkConfig network = new NetworkConfig(layers, hidden, heads, 2 * hidden);
        return new ModelConfig(
                embedding,
                POSITIONS,
                2,
                0.1,
                0.1,
                epsilon,
                // Ten times what is usual. With 0.5, attention is so sharp that float32 itself is 1e-4 off float64, in
                // every engine.
                new InitializationConfig(InitializationConfig.Scheme.STANDARD, 0.2, 0, 0),
                network,
                network);
    }
}
