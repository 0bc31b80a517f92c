package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.NamedArrays;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A network's tensors in several files, and an index beside them that tells which is where, as Hugging Face writes them
 * ({@code model.safetensors.index.json}).
 */
final class ShardedWeights implements NamedArrays {
    private final Path index;
    private final Map<String, String> fileNames;
    private final Map<String, NamedArrays> files = new HashMap<>();

    private ShardedWeights(Path index, Map<String, String> fileNames) {
        this.index = index;
        this.fileNames = Collections.unmodifiableMap(fileNames);
    }

    /**
     * Opens all files.
     *
     * @param index the JSON file
     * @param open opens one of the files that it names
     * @throws InputException if a file is missing or damaged, lacks a tensor that it should have, or is outside of the
     *     index's folder
     */
    static ShardedWeights open(Path index, Function<Path, NamedArrays> open) throws IOException {
        Map<String, String> fileNames =
                JsonSettings.read(index, "an index of tensors").texts("weight_map");
        ShardedWeights weights = new ShardedWeights(index, fileNames);
        boolean opened = false;
        try {
            for (Map.Entry<String, String> entry : fileNames.entrySet()) {
                weights.add(entry.getKey(), entry.getValue(), open);
            }
            opened = true;
            return weights;
        } finally {
            if (!opened) {
                weights.close();
            }
        }
    }

    private void add(String tensor, String fileName, Function<Path, NamedArrays> open) {
        if (!isPlainName(fileName)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: weight_map.%s: %s; expected the name of a file in the same folder",
                    index,
                    tensor,
                    fileName));
        }
        NamedArrays file = files.get(fileName);
        if (file == null) {
            file = open.apply(index.resolveSibling(fileName));
            files.put(fileName, file);
        }
        if (!file.names().contains(tensor)) {
            throw new InputException(
                    String.format(Locale.ROOT, "%s: weight_map: %s has no tensor %s", index, fileName, tensor));
        }
    }

    private static boolean isPlainName(String fileName) {
        boolean isPlain = !fileName.isBlank()
                && fileName.chars()
                        .noneMatch(letter ->
                                letter == '/' || letter == '\\' || letter == ':' || Character.isISOControl(letter))
                && !fileName.equals(".")
                && !fileName.equals("..");
        try {
            return isPlain && Path.of(fileName).getNameCount() == 1;
        } catch (InvalidPathException e) { // half of a surrogate pair, for example
            return false;
        }
    }

    @Override
    public Set<String> names() {
        return fileNames.keySet();
    }

    @Override
    public NamedArray array(String name) {
        return holder(name).array(name);
    }

    @Override
    public List<Long> shape(String name) {
        return holder(name).shape(name);
    }

    private NamedArrays holder(String name) {
        String fileName = fileNames.get(name);
        NamedArrays file = fileName == null ? null : files.get(fileName);
        if (file == null) {
            throw new InputException(index + ": has no tensor " + name);
        }
        return file;
    }

    @Override
    public Path fileOf(String name) {
        String fileName = fileNames.get(name);
        return fileName == null ? index : index.resolveSibling(fileName);
    }

    @Override
    public void close() {
        List<NamedArrays> opened = new ArrayList<>(files.values());
        files.clear();
        opened.forEach(NamedArrays::close);
    }
}
