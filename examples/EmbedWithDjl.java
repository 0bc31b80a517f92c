import ai.djl.huggingface.translator.TextEmbeddingTranslatorFactory;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Embeds a text with DJL, given an encoder's folder: what {@code changeling export --format onnx --task
 * feature-extraction} writes. It needs ai.djl.onnxruntime:onnxruntime-engine and ai.djl.huggingface:tokenizers, not
 * Changeling; docs/deploy.md says which versions.
 */
public final class EmbedWithDjl {
    public static void main(String[] arguments) throws Exception {
        Criteria<String, float[]> criteria = Criteria.builder()
                .setTypes(String.class, float[].class)
                .optModelPath(Path.of(arguments[0]))
                .optModelName("model.onnx")
                .optEngine("OnnxRuntime")
                .optTranslatorFactory(new TextEmbeddingTranslatorFactory())
                // The graph takes token types, which DJL gives only when it is asked to.
                .optArguments(Map.of("pooling", "mean", "normalize", "false", "includeTokenTypes", "true"))
                .build();
        try (ZooModel<String, float[]> model = criteria.loadModel();
                Predictor<String, float[]> predictor = model.newPredictor()) {
            System.out.println(Arrays.toString(predictor.predict(arguments[1])));
        }
    }
}
