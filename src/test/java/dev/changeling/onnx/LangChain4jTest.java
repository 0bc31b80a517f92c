package dev.changeling.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.langchain4j.model.embedding.onnx.OnnxEmbeddingModel;
import dev.langchain4j.model.embedding.onnx.PoolingMode;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j opens an exported encoder, and embeds a text as its hidden states say. */
class LangChain4jTest {
    private static final String TEXT = "The old cat sat on a mat.";

    @TempDir
    private Path temporary;

    private Path encoder = Path.of("");
    private float[] mean = {};

    @BeforeEach
    void export() throws Exception {
        encoder = temporary.resolve("encoder");
        OnnxFolders.export(OnnxFolders.fixture("detector"), encoder, Task.FEATURE_EXTRACTION);
        mean = mean(encoder);
    }

    @Test
    void embedsByTheMeanHiddenState() {
        OnnxEmbeddingModel model = new OnnxEmbeddingModel(
                encoder.resolve("model.onnx"), encoder.resolve("tokenizer.json"), PoolingMode.MEAN);

        float[] embedding = model.embed(TEXT).content().vector();

        // It scales embeddings to length 1.
        double length = 0;
        for (float value : mean) {
            length += value * value;
        }
        assertThat(embedding).hasSize(mean.length);
        for (int i = 0; i < mean.length; i++) {
            assertThat((double) embedding[i]).isCloseTo(mean[i] / Math.sqrt(length), within(1e-4));
        }
    }

    /** The mean hidden state of a text's tokens, with ONNX Runtime alone. */
    private static float[] mean(Path encoder) throws Exception {
        try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(encoder);
                OnnxSession session = OnnxSession.open(encoder.resolve("model.onnx"))) {
            Encoding encoding = tokenizer.encode(TEXT);
            int tokens = encoding.getIds().length;
            float[] states = session.run(
                            new long[][] {encoding.getIds()},
                            new long[][] {encoding.getAttentionMask()},
                            new long[][] {encoding.getTypeIds()})
                    .values();
            float[] mean = new float[states.length / tokens];
            for (int i = 0; i < states.length; i++) {
                mean[i % mean.length] += states[i] / tokens;
            }
            return mean;
        }
    }
}
