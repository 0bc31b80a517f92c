package dev.changeling.cli;

import dev.changeling.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder among the system's temporary files, deleted with all that is in it when it is closed. */
record PassingFolder(Path path) implements AutoCloseable {

    static PassingFolder create() throws IOException {
        return new PassingFolder(Files.createTempDirectory("changeling"));
    }

    @Override
    public void close() throws IOException {
        new Disk().deleteFolder(path);
    }
}
