package dev.changeling.checkpoint;

import dev.changeling.error.InputException;
import dev.changeling.safetensors.SafetensorsFile;
import java.nio.file.Path;

/**
 * A whole checkpoint: its checksums were right when it was found.
 *
 * @param folder {@code step-00000100} for example
 * @param progress how far the run had come
 */
public record Checkpoint(Path folder, Progress progress) {

    /**
     * Opens the tensors; the caller closes the file.
     *
     * @throws InputException if the file has gone or changed since
     */
    public SafetensorsFile openTensors() {
        return SafetensorsFile.open(folder.resolve(CheckpointFiles.TENSORS));
    }
}
