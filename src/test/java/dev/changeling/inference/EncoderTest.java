package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.model.Pooling;
import dev.changeling.onnx.OnnxExport;
import dev.changeling.onnx.OnnxSession;
import dev.changeling.onnx.Quantization;
import dev.changeling.onnx.Task;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTest {
    private static final String SENTENCE = "The  OLD cat sat, unlikely.";
    private static final long[] SENTENCE_IDS = {2, 5, 6, 7, 8, 1, 13, 14, 15, 12, 3};
    private static final long[] EMPTY_IDS = {2, 3};
    private static final int WIDTH = 24;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 8);
    }

    private Encoder encoder() throws IOException {
        return Encoder.load(folder, TestExports.engine());
    }

    private Encoder encoder(EmbeddingSettings settings) throws IOException {
        return Encoder.load(folder, TestExports.engine(), settings);
    }

    /** Returns what ONNX Runtime makes of token ids: hidden states, [S, H]. */
    private float[][] onnxStates(long[] ids) throws IOException {
        Path export = temporary.resolve("onnx");
        if (!Files.exists(export)) {
            OnnxExport.of(folder, Optional.of(Task.FEATURE_EXTRACTION))
                    .write(export, Quantization.NONE, ReplacedSequences.none());
        }
        long[] mask = new long[ids.length];
        java.util.Arrays.fill(mask, 1);
        try (OnnxSession session = OnnxSession.open(export.resolve(OnnxExport.MODEL))) {
            float[] flat = session.run(new long[][] {ids}, new long[][] {mask}, new long[1][ids.length])
                    .values();
            float[][] states = new float[ids.length][];
            for (int token = 0; token < ids.length; token++) {
                states[token] = java.util.Arrays.copyOfRange(flat, token * WIDTH, (token + 1) * WIDTH);
            }
            return states;
        }
    }

    private static float[] mean(float[][] states) {
        float[] mean = new float[WIDTH];
        for (float[] state : states) {
            for (int i = 0; i < WIDTH; i++) {
                mean[i] += state[i] / states.length;
            }
        }
        return mean;
    }

    @Test
    void aVectorIsTheMeanOfAllStatesThatOnnxRuntimeComputes() throws IOException {
        try (Encoder encoder = encoder()) {
            // Together, so that the shorter ones are padded.
            float[][] vectors = encoder.embed(List.of(SENTENCE, "", "the old cat sat on a mat. the old cat sat"));

            assertThat(vectors).hasNumberOfRows(3);
            assertThat(encoder.width()).isEqualTo(WIDTH);
            assertThat(vectors[0]).containsExactly(mean(onnxStates(SENTENCE_IDS)), within(1e-4f));
            assertThat(vectors[1]).containsExactly(mean(onnxStates(EMPTY_IDS)), within(1e-4f));
            assertThat(vectors[2])
                    .containsExactly(
                            mean(onnxStates(new long[] {2, 5, 6, 7, 8, 9, 10, 11, 12, 5, 6, 7, 8, 3})), within(1e-4f));
        }
    }

    @Test
    void aVectorIsTheStateOfClsIfAskedFor() throws IOException {
        try (Encoder encoder = encoder(EmbeddingSettings.DEFAULT.withPooling(Pooling.CLS))) {
            assertThat(encoder.embed(List.of("a mat", SENTENCE))[1])
                    .containsExactly(onnxStates(SENTENCE_IDS)[0], within(1e-4f));
        }
    }

    @Test
    void vectorsOfTokensAreTheirStates() throws IOException {
        try (Encoder encoder = encoder()) {
            List<TokenEmbeddings> texts = encoder.embedTokens(List.of("", SENTENCE));

            assertThat(texts.get(0).tokens()).isEmpty();
            TokenEmbeddings sentence = texts.get(1);
            assertThat(sentence.text()).isEqualTo(SENTENCE);
            assertThat(sentence.truncated()).isFalse();
            assertThat(sentence.tokens())
                    .extracting(TokenEmbedding::text)
                    .containsExactly("The", "OLD", "cat", "sat", ",", "un", "like", "ly", ".");
            float[][] states = onnxStates(SENTENCE_IDS);
            for (int i = 0; i < sentence.tokens().size(); i++) {
                TokenEmbedding token = sentence.tokens().get(i);
                assertThat(SENTENCE.substring(token.start(), token.end())).isEqualTo(token.text());
                assertThat(token.vector()).containsExactly(states[i + 1], within(1e-4f));
            }
        }
    }

    @Test
    void normalisedVectorsHaveLengthOneAndTheSameDirection() throws IOException {
        try (Encoder plain = encoder();
                Encoder normal = encoder(EmbeddingSettings.DEFAULT.withNormalized(true))) {
            float[] vector = plain.embed(List.of(SENTENCE))[0];
            float[] unit = normal.embed(List.of(SENTENCE))[0];
            double length = 0;
            for (float value : vector) {
                length += value * value;
            }
            for (int i = 0; i < WIDTH; i++) {
                assertThat((double) unit[i]).isCloseTo(vector[i] / Math.sqrt(length), within(1e-6));
            }
        }
    }

    @Test
    void aTextThatIsTooLongIsCutAndCounted() throws IOException {
        String longText = "the old cat sat on a mat. ".repeat(20);
        try (Encoder encoder = encoder()) {
            assertThat(encoder.maximumLength()).isEqualTo(TestExports.SEQUENCE_LENGTH);
            float[][] vectors = encoder.embed(List.of(longText, "the old cat sat on a mat. the old cat sat on a"));

            assertThat(vectors[0]).containsExactly(vectors[1], within(1e-5f));
            assertThat(encoder.truncated()).isEqualTo(1);
            TokenEmbeddings tokens = encoder.embedTokens(List.of(longText)).get(0);
            assertThat(tokens.truncated()).isTrue();
            assertThat(tokens.tokens()).hasSize(TestExports.SEQUENCE_LENGTH - 2);
            assertThat(encoder.truncated()).isEqualTo(2);
        }
    }

    @Test
    void manyTextsGetTheVectorsThatTheyGetAlone() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            texts.add("cat sat on mat ".repeat(random.nextInt(5)) + "old " + (char) ('b' + random.nextInt(11)));
        }
        Engine two = Engine.start(Device.CPU, Precision.FLOAT32, 2);
        try (Encoder encoder = Encoder.load(folder, two, EmbeddingSettings.DEFAULT.withBatchSize(7))) {
            float[][] together = encoder.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(together[i])
                        .as("seed %d, text %d", seed, i)
                        .containsExactly(encoder.embed(List.of(texts.get(i)))[0], within(1e-5f));
            }
            assertThat(encoder.embed(List.of())).isEmpty();
        } finally {
            TestExports.engine();
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Encoder encoder = encoder()) {
            float[][] expected = encoder.embed(List.of(SENTENCE, "a mat"));
            List<Future<float[][]>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(threads.submit(() -> encoder.embed(List.of(SENTENCE, "a mat"))));
            }
            for (Future<float[][]> vectors : all) {
                assertThat(vectors.get()).isDeepEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aClosedEncoderSaysSo() throws IOException {
        Encoder encoder = encoder();
        encoder.close();
        encoder.close();
        assertThatThrownBy(() -> encoder.embed(List.of(SENTENCE)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the encoder is closed");
    }

    @Test
    void aFolderOfSentenceTransformersSaysHow() throws IOException {
        Files.createDirectory(folder.resolve("1_Pooling"));
        Files.writeString(folder.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
        Files.writeString(folder.resolve("modules.json"), """
                [{"path": "", "type": "sentence_transformers.models.Transformer"},
                 {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]""");
        Files.writeString(folder.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 5}");
        try (Encoder encoder = encoder();
                Encoder asked = encoder(
                        EmbeddingSettings.DEFAULT.withPooling(Pooling.CLS).withNormalized(true))) {
            assertThat(encoder.maximumLength()).isEqualTo(5);
            assertThat(encoder.embed(List.of(SENTENCE))).isDeepEqualTo(asked.embed(List.of("the old cat")));
        }
    }
}
