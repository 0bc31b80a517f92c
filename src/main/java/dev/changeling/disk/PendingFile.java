package dev.changeling.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is written piece by piece under another name, and takes its own when it is finished: a reader sees what
 * was there before or the whole new file. What isn't finished leaves no trace, also where the process is told to end.
 */
public final class PendingFile implements AutoCloseable {
    private final Path file;
    private final Path fresh;
    private final FileChannel channel;
    private boolean isFinished;

    private PendingFile(Path file, Path fresh, FileChannel channel) {
        this.file = file;
        this.fresh = fresh;
        this.channel = channel;
    }

    /** Begins a file; its folder must be there. */
    public static PendingFile begin(Path file) throws IOException {
        Path fresh = freshName(file);
        Files.deleteIfExists(fresh);
        fresh.toFile().deleteOnExit();
        return new PendingFile(
                file, fresh, FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Returns the name that a file has until it is finished. */
    public static Path freshName(Path file) {
        return file.resolveSibling(file.getFileName() + Disk.TEMPORARY);
    }

    /** Returns where to write. */
    public FileChannel channel() {
        return channel;
    }

    /** Makes sure that all is on the disk, and gives the file its name. */
    public void finish() throws IOException {
        channel.force(true);
        channel.close();
        new Disk().move(fresh, file);
        isFinished = true;
    }

    @Override
    public void close() throws IOException {
        if (!isFinished) {
            channel.close();
            Files.deleteIfExists(fresh);
        }
    }
}
