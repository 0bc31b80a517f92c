package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.DiscriminatorModel;
import dev.changeling.model.Parameter;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Opens folders that hold an ELECTRA as Hugging Face lays it out: {@code config.json}, {@code model.safetensors} and
 * the tokenizer's files.
 */
public final class HuggingFaceImport {
    static final String WORD_TABLE = "electra.embeddings.word_embeddings.weight";
    private static final String TRUNK = "electra.";
    /** How names of the trunk start in a file that was saved without its head. */
    private static final List<String> BARE_TRUNK = List.of("embeddings.", "embeddings_project.", "encoder.");
    /** Constants that older versions of Hugging Face's library saved. */
    private static final Set<String> BUFFERS =
            Set.of("electra.embeddings.position_ids", "electra.embeddings.token_type_ids");

    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private HuggingFaceImport() {}

    /**
     * Opens a discriminator's folder.
     *
     * @throws InputException if a file is missing or damaged, the network is of a kind that isn't known here, a tensor
     *     is missing, unexpected, not finite, or of another shape or type than {@code config.json} says, or the
     *     tokenizer has more tokens than the network
     * @throws IOException if a file can't be read
     */
    public static PretrainedDiscriminator readDiscriminator(Path folder, Engine engine) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + ": no such folder; expected one with " + HuggingFaceConfig.FILE + " and "
                    + HuggingFaceExport.WEIGHTS);
        }
        HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE));
        int sequenceLength = sequenceLength(folder, config);
        Tokenizer tokenizer = Tokenizers.load(folder);
        DiscriminatorModel model = null;
        boolean done = false;
        try {
            if (tokenizer.vocabulary().size() > config.vocabularySize()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: a tokenizer of %d tokens, but %s says vocab_size %d",
                        folder,
                        tokenizer.vocabulary().size(),
                        HuggingFaceConfig.FILE,
                        config.vocabularySize()));
            }
            Path weights = weights(folder);
            requireSizes(weights, config);
            model = new DiscriminatorModel(engine, config.model(), config.vocabularySize());
            readWeights(weights, model);
            done = true;
            return new PretrainedDiscriminator(model, tokenizer, sequenceLength);
        } finally {
            if (!done) {
                tokenizer.close();
                if (model != null) {
                    model.close();
                }
            }
        }
    }

    // A position table may be longer than anything that the network was trained on; the tokenizer's file tells.
    private static int sequenceLength(Path folder, HuggingFaceConfig config) throws IOException {
        Path file = folder.resolve(TOKENIZER_CONFIG);
        double length = config.maxPositions();
        if (Files.exists(file)) {
            // Where no length is known, Hugging Face writes 10^30.
            length = Math.min(
                    length, JsonSettings.read(file, "a tokenizer_config.json").number("model_max_length", length));
        }
        if (length < 3) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: sequences of at most %.0f tokens; expected room for [CLS], a token and [SEP]",
                    folder,
                    length));
        }
        return (int) length;
    }

    private static Path weights(Path folder) {
        Path file = folder.resolve(HuggingFaceExport.WEIGHTS);
        if (!Files.exists(file) && Files.exists(folder.resolve("pytorch_model.bin"))) {
            throw new InputException(String.format(
                            Locale.ROOT,
                            "%s: no such file, only a pytorch_model.bin, which can't be read here; save the model",
                            file)
                    + " again with safe_serialization=True");
        }
        return file;
    }

    /**
     * Compares each size that the configuration gives with a tensor, before memory is taken: a network may be no larger
     * than its file.
     */
    private static void requireSizes(Path file, HuggingFaceConfig config) {
        long width = config.network().hiddenSize();
        String lastLayer = TRUNK + "encoder.layer." + (config.network().layers() - 1) + ".";
        Map<String, List<Long>> shapes = new LinkedHashMap<>();
        shapes.put(WORD_TABLE, List.of((long) config.vocabularySize(), (long) config.embeddingSize()));
        shapes.put(TRUNK + "embeddings.position_embeddings.weight", List.of((long) config.maxPositions(), (long)
                config.embeddingSize()));
        shapes.put(TRUNK + "embeddings.token_type_embeddings.weight", List.of((long) config.segmentTypes(), (long)
                config.embeddingSize()));
        shapes.put(
                lastLayer + "intermediate.dense.weight",
                List.of((long) config.network().intermediateSize(), width));
        try (SafetensorsFile arrays = SafetensorsFile.open(file)) {
            Map<String, String> saved = savedNames(arrays);
            shapes.forEach((name, shape) -> {
                String savedName = saved.get(name);
                if (savedName == null) {
                    throw missing(file, name, shape);
                }
                requireShape(arrays.array(savedName), shape, file);
            });
        }
    }

    private static InputException missing(Path file, String name, List<Long> shape) {
        return new InputException(String.format(
                Locale.ROOT,
                "%s: has no tensor %s; %s asks for one of shape %s",
                file,
                name,
                HuggingFaceConfig.FILE,
                shape));
    }

    private static void requireShape(NamedArray array, List<Long> shape, Path file) {
        if (!array.shape().equals(shape)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: tensor %s: shape %s; expected %s, as %s says",
                    file,
                    array.name(),
                    array.shape(),
                    shape,
                    HuggingFaceConfig.FILE));
        }
    }

    private static void readWeights(Path file, DiscriminatorModel model) {
        try (SafetensorsFile arrays = SafetensorsFile.open(file);
                Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Map<String, String> saved = savedNames(arrays);
            for (Parameter.Part part : model.parameters().parts().values()) {
                String name = part.name().substring(Discriminator.PREFIX.length());
                String savedName = saved.remove(name);
                if (savedName == null) {
                    throw missing(file, name, part.shape());
                }
                copy(arrays.array(savedName), part, file);
            }
            if (!saved.isEmpty()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: tensor %s is not one of a discriminator with this %s",
                        file,
                        saved.values().iterator().next(),
                        HuggingFaceConfig.FILE));
            }
        }
    }

    /** Returns the names in the file by those of an {@code ElectraForPreTraining}, constants left out. */
    private static Map<String, String> savedNames(SafetensorsFile arrays) {
        Map<String, String> saved = new LinkedHashMap<>();
        for (String name : arrays.names()) {
            String full = BARE_TRUNK.stream().anyMatch(name::startsWith) ? TRUNK + name : name;
            if (!BUFFERS.contains(full)) {
                saved.put(full, name);
            }
        }
        return saved;
    }

    private static void copy(NamedArray array, Parameter.Part part, Path file) {
        if (array.type() != NamedArray.Type.F32) {
            throw new InputException(String.format(
                    Locale.ROOT, "%s: tensor %s: type %s; expected F32", file, array.name(), array.type()));
        }
        requireShape(array, part.shape(), file);
        FloatBuffer values =
                array.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        while (values.hasRemaining()) {
            float value = values.get();
            if (!Float.isFinite(value)) {
                throw new InputException(String.format(
                        Locale.ROOT, "%s: tensor %s: holds %s; expected finite numbers", file, array.name(), value));
            }
        }
        HostCopy.fromBytes(array.data(), part.tensor());
    }
}
