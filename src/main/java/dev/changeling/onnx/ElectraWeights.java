package dev.changeling.onnx;

import dev.changeling.error.InputException;
import dev.changeling.hub.EncoderFamily;
import dev.changeling.hub.WeightFiles;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.NamedArrays;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The parameters of a Hugging Face folder by their names there, each checked when it is asked for. */
final class ElectraWeights implements AutoCloseable {
    private final NamedArrays arrays;
    private final Map<String, String> saved = new HashMap<>();

    private ElectraWeights(NamedArrays arrays) {
        this.arrays = arrays;
        for (String name : arrays.names()) {
            EncoderFamily.ELECTRA.electraName(name).ifPresent(electra -> saved.put(electra, name));
        }
    }

    /** @throws InputException if there are none, or they can't be read or are damaged */
    static ElectraWeights open(Path folder) throws IOException {
        return new ElectraWeights(WeightFiles.open(folder));
    }

    /**
     * Returns a parameter.
     *
     * @param name for example {@code electra.embeddings.LayerNorm.weight}
     * @throws InputException if it is missing, not finite, of another shape, or of a type without fractions
     */
    NamedArray array(String name, long... shape) {
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        NamedArray array = find(name, expected.toString());
        if (!array.shape().equals(expected)) {
            throw wrong(array, "shape " + array.shape(), expected + ", as config.json says");
        }
        NamedArray floats = arrays.finiteFloats(array.name());
        return new NamedArray(name, floats.type(), floats.shape(), floats.data());
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
                    Locale.ROOT,
                    "%s: has no tensor %s; config.json asks for one of shape %s",
                    arrays.fileOf(name),
                    name,
                    shape));
        }
        return arrays.array(savedName);
    }

    private InputException wrong(NamedArray array, String found, String expected) {
        return new InputException(String.format(
                Locale.ROOT,
                "%s: tensor %s: %s; expected %s",
                arrays.fileOf(array.name()),
                array.name(),
                found,
                expected));
    }

    @Override
    public void close() {
        arrays.close();
    }
}
