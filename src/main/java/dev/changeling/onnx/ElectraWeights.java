package dev.changeling.onnx;

import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The parameters of a Hugging Face folder by their names there, each checked when it is asked for. */
final class ElectraWeights implements AutoCloseable {
    private static final String TRUNK = "electra.";
    /** How names of the trunk start in a file that was saved without a head. */
    private static final List<String> BARE_TRUNK = List.of("embeddings.", "embeddings_project.", "encoder.");

    private final Path path;
    private final SafetensorsFile file;
    private final Map<String, String> saved = new HashMap<>();

    private ElectraWeights(Path path, SafetensorsFile file) {
        this.path = path;
        this.file = file;
        for (String name : file.names()) {
            saved.put(BARE_TRUNK.stream().anyMatch(name::startsWith) ? TRUNK + name : name, name);
        }
    }

    /** @throws InputException if the file can't be read or is damaged */
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    static ElectraWeights open(Path path) {
        return new ElectraWeights(path, SafetensorsFile.open(path));
    }

    /**
     * Returns a parameter.
     *
     * @param name for example {@code electra.embeddings.LayerNorm.weight}
     * @throws InputException if it is missing, not finite, or not of this shape and of type F32
     */
    NamedArray array(String name, long... shape) {
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        NamedArray array = find(name, expected.toString());
        if (!array.shape().equals(expected)) {
            throw wrong(array, "shape " + array.shape(), expected + ", as config.json says");
        }
        if (array.type() != NamedArray.Type.F32) {
            throw wrong(array, "type " + array.type(), "F32");
        }
        FloatBuffer values = Constants.floats(array);
        while (values.hasRemaining()) {
            float value = values.get();
            if (!Float.isFinite(value)) {
                throw wrong(array, "holds " + value, "finite numbers");
            }
        }
        return new NamedArray(name, array.type(), array.shape(), array.data());
    }

    /**
     * Returns how many rows a matrix has: what a head's number of labels is told by.
     *
     * @throws InputException if there is none of that name
     */
    long labels(String name) {
        NamedArray array = find(name, "[labels, hidden_size]");
        if (array.shape().size() != 2 || array.shape().get(0) < 1) {
            throw wrong(array, "shape " + array.shape(), "[labels, hidden_size]");
        }
        return array.shape().get(0);
    }

    private NamedArray find(String name, String shape) {
        String savedName = saved.get(name);
        if (savedName == null) {
            throw new InputException(String.format(
                    Locale.ROOT, "%s: has no tensor %s; config.json asks for one of shape %s", path, name, shape));
        }
        return file.array(savedName);
    }

    private InputException wrong(NamedArray array, String found, String expected) {
        return new InputException(
                String.format(Locale.ROOT, "%s: tensor %s: %s; expected %s", path, array.name(), found, expected));
    }

    @Override
    public void close() {
        file.close();
    }
}
