package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Parameter;
import dev.changeling.model.StandaloneModel;
import dev.changeling.safetensors.NamedArrays;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * A network in a Hugging Face folder: what {@code config.json} says of it, and its tensors under the names that ELECTRA
 * has for them.
 */
final class SavedNetwork implements AutoCloseable {
    /** Constants that older versions of Hugging Face's library saved. */
    private static final Set<String> BUFFERS =
            Set.of(EncoderFamily.TRUNK + "embeddings.position_ids", EncoderFamily.TRUNK + "embeddings.token_type_ids");

    /** The generator's output matrix, which is the word table once more. */
    private static final String TIED = "generator_lm_head.weight";

    /** What a network is in replaced token detection. */
    enum Role {
        DISCRIMINATOR,
        GENERATOR,
        /** A trunk without the head of either. */
        ENCODER
    }

    private final Path folder;
    private final HuggingFaceConfig config;
    private final NamedArrays arrays;
    private final Map<String, String> savedNames = new LinkedHashMap<>();
    private final List<String> leftOut = new ArrayList<>();

    private SavedNetwork(Path folder, HuggingFaceConfig config, NamedArrays arrays) {
        this.folder = folder;
        this.config = config;
        this.arrays = arrays;
        for (String saved : arrays.names()) {
            String name = config.family().electraName(saved).orElse(null);
            if (name == null) {
                leftOut.add(saved);
            } else if (!BUFFERS.contains(name) && !name.equals(TIED)) {
                String other = savedNames.put(name, saved);
                if (other != null) {
                    throw new InputException(String.format(
                            Locale.ROOT,
                            "%s: tensors %s and %s are the same one by two names",
                            arrays.fileOf(saved),
                            other,
                            saved));
                }
            }
        }
    }

    /**
     * Opens a folder. No tensor is read yet.
     *
     * @throws InputException if a file is missing or damaged, or the network is of a kind that isn't known here
     */
    static SavedNetwork open(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + ": no such folder; expected one with " + HuggingFaceConfig.FILE + " and "
                    + WeightFiles.SAFETENSORS);
        }
        HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(HuggingFaceConfig.FILE));
        NamedArrays arrays = WeightFiles.open(folder);
        boolean opened = false;
        try {
            SavedNetwork network = new SavedNetwork(folder, config, arrays);
            network.requireSizes();
            opened = true;
            return network;
        } finally {
            if (!opened) {
                arrays.close();
            }
        }
    }

    Path folder() {
        return folder;
    }

    HuggingFaceConfig config() {
        return config;
    }

    /** Returns the files that settings and tensors are in. */
    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>();
        files.add(folder.resolve(HuggingFaceConfig.FILE));
        arrays.names().forEach(name -> files.add(arrays.fileOf(name)));
        return files;
    }

    /** Returns the names of the tensors, as ELECTRA has them. */
    Set<String> names() {
        return Collections.unmodifiableSet(savedNames.keySet());
    }

    /** Returns the names, as the file has them, of tensors that ELECTRA has no place for. */
    List<String> leftOut() {
        return Collections.unmodifiableList(leftOut);
    }

    Role role() {
        if (savedNames.containsKey("discriminator_predictions.dense.weight")) {
            return Role.DISCRIMINATOR;
        }
        return savedNames.containsKey("generator_predictions.dense.weight") ? Role.GENERATOR : Role.ENCODER;
    }

    /** Returns how messages call a tensor: file and name in it. */
    String place(String name) {
        String saved = savedNames.getOrDefault(name, name);
        return arrays.fileOf(saved) + ": tensor " + saved;
    }

    /** Returns the shape of a tensor that is known to be there. */
    List<Long> shape(String name) {
        return arrays.shape(saved(name));
    }

    /**
     * Reads a tensor.
     *
     * @throws InputException if it is missing, of a type without fractions, or holds numbers that are not finite
     */
    float[] floats(String name) {
        return arrays.finiteFloats(saved(name)).floats();
    }

    /**
     * Reads a tensor of a known shape.
     *
     * @throws InputException as {@link #floats(String)}, and if its shape is another
     */
    float[] floats(String name, List<Long> shape) {
        requireShape(name, shape);
        return floats(name);
    }

    private String saved(String name) {
        String saved = savedNames.get(name);
        if (saved == null) {
            throw new InputException(folder + ": has no tensor " + name);
        }
        return saved;
    }

    /**
     * Compares each size that the configuration gives with a tensor, in every layer, before memory is taken: a network
     * may be no larger than a few times its file.
     */
    private void requireSizes() {
        long width = config.network().hiddenSize();
        long embeddingSize = config.embeddingSize();
        String embeddings = EncoderFamily.TRUNK + "embeddings.";
        requireTensor(embeddings + "word_embeddings.weight", config.vocabularySize(), embeddingSize);
        requireTensor(embeddings + "position_embeddings.weight", config.maxPositions(), embeddingSize);
        if (config.family().hasSegments()) {
            requireTensor(embeddings + "token_type_embeddings.weight", config.segmentTypes(), embeddingSize);
        }
        if (embeddingSize != width) {
            requireTensor(EncoderFamily.TRUNK + "embeddings_project.weight", width, embeddingSize);
        }
        for (int layer = 0; layer < config.network().layers(); layer++) {
            String prefix = EncoderFamily.TRUNK + "encoder.layer." + layer + ".";
            requireTensor(prefix + "attention.self.query.weight", width, width);
            requireTensor(prefix + "intermediate.dense.weight", config.network().intermediateSize(), width);
        }
    }

    private void requireTensor(String name, long... dimensions) {
        List<Long> shape = java.util.Arrays.stream(dimensions).boxed().toList();
        if (!savedNames.containsKey(name)) {
            throw missing(name, shape);
        }
        requireShape(name, shape);
    }

    private void requireShape(String name, List<Long> shape) {
        List<Long> found = shape(name);
        if (!found.equals(shape)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: shape %s; expected %s, as %s says",
                    place(name),
                    found,
                    shape,
                    HuggingFaceConfig.FILE));
        }
    }

    /**
     * Refuses a relative of ELECTRA.
     *
     * @throws InputException if it is one
     */
    void requireElectra() {
        EncoderFamily family = config.family();
        if (family != EncoderFamily.ELECTRA) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: model_type: %s; expected electra (a %s can start one: changeling import --from %s)",
                    folder.resolve(HuggingFaceConfig.FILE),
                    family.modelType(),
                    family.modelType(),
                    folder));
        }
    }

    /**
     * Reads all parameters of a network.
     *
     * @return their names, as ELECTRA has them
     * @throws InputException if one is missing, of another shape, or not finite
     */
    Set<String> load(StandaloneModel<?> model) {
        Set<String> loaded = new HashSet<>();
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Parameter.Part part : model.parameters().parts().values()) {
                String name = part.name().substring(model.prefix().length());
                if (!savedNames.containsKey(name)) {
                    throw missing(name, part.shape());
                }
                HostCopy.fromFloats(floats(name, part.shape()), part.tensor());
                loaded.add(name);
            }
        }
        return loaded;
    }

    /**
     * Refuses a layer that the configuration doesn't know of, which would be dropped with the head.
     *
     * @param loaded the names of what the trunk has
     * @throws InputException if there is one
     */
    void requireNoTrunkBut(Set<String> loaded) {
        Stream.concat(savedNames.keySet().stream(), leftOut.stream())
                .filter(name -> name.startsWith(EncoderFamily.TRUNK) && !loaded.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw unexpected(name, "an encoder");
                });
    }

    /** Returns the refusal of a tensor that a network of this configuration doesn't have. */
    InputException unexpected(String name, String network) {
        return new InputException(place(name) + " is not one of " + network + " with this " + HuggingFaceConfig.FILE);
    }

    /** Returns the refusal of a network that lacks a tensor. */
    InputException missing(String name, List<Long> shape) {
        return new InputException(String.format(
                Locale.ROOT,
                "%s: has no tensor %s; %s asks for one of shape %s",
                arrays.fileOf(name),
                name,
                HuggingFaceConfig.FILE,
                shape));
    }

    @Override
    public void close() {
        arrays.close();
    }
}
