package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.pickle.TorchFile;
import dev.changeling.safetensors.NamedArrays;
import dev.changeling.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Finds a network's tensors in a folder, in whichever of Hugging Face's forms they are. */
public final class WeightFiles {
    /** The file that is written here, and preferred when there are several. */
    public static final String SAFETENSORS = "model.safetensors";

    private static final String TORCH = "pytorch_model.bin";
    private static final String INDEX = ".index.json";
    private static final List<String> GRAPHS = List.of("model.onnx", "onnx/model.onnx");

    private WeightFiles() {}

    /**
     * Opens the tensors of a folder: safetensors if there are any, in one file or several, or else a file of
     * {@code torch.save}, in one file or several.
     *
     * @throws InputException if there are none, or they are damaged
     */
    public static NamedArrays open(Path folder) throws IOException {
        Path safetensors = folder.resolve(SAFETENSORS);
        Path torch = folder.resolve(TORCH);
        if (Files.exists(safetensors)) {
            return SafetensorsFile.open(safetensors);
        }
        if (Files.exists(folder.resolve(SAFETENSORS + INDEX))) {
            return ShardedWeights.open(folder.resolve(SAFETENSORS + INDEX), SafetensorsFile::open);
        }
        if (Files.exists(torch)) {
            return TorchFile.open(torch);
        }
        if (Files.exists(folder.resolve(TORCH + INDEX))) {
            return ShardedWeights.open(folder.resolve(TORCH + INDEX), TorchFile::open);
        }
        for (String graph : GRAPHS) {
            if (Files.exists(folder.resolve(graph))) {
                return OnnxWeights.open(folder.resolve(graph));
            }
        }
        throw new InputException(String.format(
                Locale.ROOT,
                "%s: no such file; expected it, or one of %s",
                safetensors,
                String.join(", ", List.of(SAFETENSORS + INDEX, TORCH, TORCH + INDEX, GRAPHS.get(0)))));
    }
}
