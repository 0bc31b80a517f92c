package dev.changeling.cli;

import dev.changeling.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder beside another, for what is needed only until that one is written. Its name is told by the other's, so that
 * what a killed process left is replaced by the next.
 */
record PassingFolder(Path path) implements AutoCloseable {

    static PassingFolder beside(Path other) {
        Path absolute = other.toAbsolutePath().normalize();
        return new PassingFolder(absolute.resolveSibling("." + absolute.getFileName() + ".networks"));
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            new Disk().deleteFolder(path);
        }
    }
}
