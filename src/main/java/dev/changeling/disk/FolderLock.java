package dev.changeling.disk;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;

/** A hold on a folder that ends with the process, however that ends: the operating system keeps it. */
public final class FolderLock implements AutoCloseable {
    /** The name of the file that is locked; it is empty. */
    public static final String FILE = "lock";

    /** What a lock file holds from just before its end; it stays so if the process is killed between the two. */
    private static final byte[] REMOVED = {1};

    // The one static state of the program. POSIX takes a lock from the whole process when it closes the file once,
    // through whichever channel: a second taker in this process must be refused before it opens the file, and what a
    // process holds is a fact of the process.
    private static final ConcurrentHashMap.KeySetView<Path, Boolean> HELD = ConcurrentHashMap.newKeySet();

    private final Path held;
    private final Path file;
    private final FileChannel channel;

    private FolderLock(Path held, Path file, FileChannel channel) {
        this.held = held;
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
        Path held = folder.toRealPath();
        if (!HELD.add(held)) {
            throw refused(folder, doing);
        }
        boolean taken = false;
        try {
            Path file = folder.resolve(FILE);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                taken = channel.tryLock() != null && isInPlace(channel, file);
            } catch (OverlappingFileLockException e) {
                // The same folder by a name that hides it, as a second mount does.
                taken = false;
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
            if (!taken) {
                throw refused(folder, doing);
            }
            return new FolderLock(held, file, channel);
        } finally {
            if (!taken) {
                HELD.remove(held);
            }
        }
    }

    /**
     * Returns whether the locked file is still the one that others find. The holder before may have removed it since it
     * was opened, and others made a new one; a removed file is never empty, and a new one is.
     */
    static boolean isInPlace(FileChannel channel, Path file) throws IOException {
        try {
            return Files.size(file) == channel.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static InputException refused(Path folder, String doing) {
        return new InputException(folder + ": another process is " + doing + " in this folder");
    }

    /** Gives the folder free. The file stays. */
    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The lock ends with the process at the latest.
        } finally {
            HELD.remove(held);
        }
    }

    /** Gives the folder free and removes the file, unless it holds something that was not written here. */
    public void remove() throws IOException {
        try {
            if (channel.size() <= REMOVED.length) {
                // For those who have it open already: they get the lock of a file that nobody else will find.
                channel.write(ByteBuffer.wrap(REMOVED));
                Files.deleteIfExists(file);
            }
        } finally {
            close();
        }
    }
}
