package dev.changeling.cli;

import dev.changeling.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The place of a file that a verb writes at its end, looked at before its work begins. */
final class OutputFile {
    private OutputFile() {}

    /**
     * Refuses a place that nothing can be written to. What is there is left as it is.
     *
     * @param example the name of such a file, for the message
     * @throws InputException if a folder or a device has the name, or the file's folder can't be made or written to
     */
    static void require(Path file, String example) {
        if (Files.isDirectory(file)) {
            throw new InputException(
                    file + ": a folder; expected the name of a file, for example " + file.resolve(example));
        }
        // A rename would put a file in the place of /dev/null.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InputException(file + ": a device or a pipe; expected the name of a file");
        }
        Path folder = file.toAbsolutePath().normalize().resolveSibling("");
        while (!Files.exists(folder)) {
            folder = folder.resolveSibling("");
        }
        if (!Files.isDirectory(folder)) {
            throw new InputException(file + ": can't be written: " + folder + " is a file; expected a folder");
        }
        if (!Files.isWritable(folder)) {
            throw new InputException(file + ": can't be written: no files may be made in " + folder);
        }
    }
}
