package dev.changeling.disk;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A hold on a folder that ends with the process, however that ends: the operating system keeps it. */
public final class FolderLock implements AutoCloseable {
    /** The name of the file that is locked; it is empty. */
    public static final String FILE = "lock";

    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes hold of a folder.
     *
     * @param doing what is done in it, for the message to whoever comes second: {@code training}
     * @throws InputException if another process, or another thread of this one, has it
     */
    public static FolderLock take(Path folder, String doing) throws IOException {
        Path file = folder.resolve(FILE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            FileLock lock = channel.tryLock();
            // The one before may have removed the file between the two calls: nobody else would see a lock on it.
            taken = lock != null && Files.exists(file);
        } catch (OverlappingFileLockException e) {
            taken = false;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
        if (!taken) {
            throw new InputException(folder + ": another process is " + doing + " in this folder");
        }
        return new FolderLock(file, channel);
    }

    /** Gives the folder free. The file stays. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        }
    }

    /** Gives the folder free and removes the file, unless it holds something that was not written here. */
    public void remove() throws IOException {
        try {
            if (channel.size() == 0) {
                Files.deleteIfExists(file);
            }
        } finally {
            close();
        }
    }
}
