package dev.changeling.parity;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.model.Parameter;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.tensor.HostCopy;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of numbers that {@code bench/reference} made with PyTorch and Hugging Face's transformers: arrays under names
 * that begin with what they are, and the settings that they were made with.
 */
public final class Fixture implements AutoCloseable {
    private final SafetensorsFile file;
    private final JsonNode settings;

    private Fixture(SafetensorsFile file) {
        this.file = file;
        this.settings = JsonMapper.shared()
                .readTree(Objects.requireNonNull(file.metadata().get("settings")));
    }

    /** @param name folder and file under the resource folder {@code parity} */
    public static Fixture open(String name) {
        try {
            return new Fixture(
                    SafetensorsFile.open(Path.of(Objects.requireNonNull(Fixture.class.getResource("/parity/" + name))
                            .toURI())));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public JsonNode settings() {
        return settings;
    }

    /** Returns the shape of a network that transformers' settings describe. */
    public static NetworkConfig network(JsonNode settings) {
        return new NetworkConfig(
                settings.get("num_hidden_layers").intValue(),
                settings.get("hidden_size").intValue(),
                settings.get("num_attention_heads").intValue(),
                settings.get("intermediate_size").intValue());
    }

    /** Returns a model of two networks without dropout. */
    public static ModelConfig model(
            JsonNode shared, NetworkConfig discriminator, NetworkConfig generator, ModelConfig defaults) {
        return new ModelConfig(
                shared.get("embedding_size").intValue(),
                shared.get("max_position_embeddings").intValue(),
                defaults.segmentTypes(),
                0,
                0,
                defaults.layerNormEpsilon(),
                defaults.initialization(),
                discriminator,
                generator);
    }

    /** Returns the rest of every name that begins so. */
    public Set<String> namesUnder(String prefix) {
        return file.names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toSet());
    }

    /** Copies an array into a parameter of the same shape. */
    public void copy(String name, Parameter.Part into) {
        NamedArray array = file.array(name);
        if (!array.shape().equals(into.shape())) {
            throw new IllegalStateException(name + " has shape " + array.shape() + ", not " + into.shape());
        }
        HostCopy.fromBytes(array.data(), into.tensor());
    }

    public float[] floats(String name) {
        ByteBuffer data = data(name, NamedArray.Type.F32);
        float[] values = new float[data.remaining() / Float.BYTES];
        data.asFloatBuffer().get(values);
        return values;
    }

    public double[] doubles(String name) {
        ByteBuffer data = data(name, NamedArray.Type.F64);
        double[] values = new double[data.remaining() / Double.BYTES];
        data.asDoubleBuffer().get(values);
        return values;
    }

    public int[] ints(String name) {
        ByteBuffer data = data(name, NamedArray.Type.I32);
        int[] values = new int[data.remaining() / Integer.BYTES];
        data.asIntBuffer().get(values);
        return values;
    }

    private ByteBuffer data(String name, NamedArray.Type type) {
        NamedArray array = file.array(name);
        if (array.type() != type) {
            throw new IllegalStateException(name + " holds " + array.type() + ", not " + type);
        }
        return array.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() {
        file.close();
    }
}
