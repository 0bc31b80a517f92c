package dev.changeling.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The operations that change the disk, each durable when it returns. Before each one the observer is told, so that a
 * test can end the process, as it were, between any two.
 */
public final class Disk {
    /** What the names of files that are being written end in. */
    public static final String TEMPORARY = ".tmp";

    private static final boolean WINDOWS =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private final Consumer<String> observer;

    /** Makes one that nobody watches. */
    public Disk() {
        this(operation -> {});
    }

    /** @param observer is told of each operation before it */
    public Disk(Consumer<String> observer) {
        this.observer = observer;
    }

    /** What is written into a new file. */
    public interface Content {
        void writeTo(WritableByteChannel channel) throws IOException;
    }

    /**
     * A file as it was written.
     *
     * @param bytes its length
     * @param sha256 in lower-case hexadecimal
     */
    public record Written(long bytes, String sha256) {}

    /** Writes a new file, and computes its hash from what was to be written, not from what the disk gives back. */
    public Written write(Path file, Content content) throws IOException {
        observer.accept("create " + file.getFileName());
        MessageDigest digest = Sha256.digest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(new DigestingChannel(channel, digest));
            observer.accept("force " + file.getFileName());
            channel.force(true);
            return new Written(channel.size(), HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** Writes a new file. */
    public Written write(Path file, byte[] content) throws IOException {
        return write(file, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Replaces a file, or makes one: a reader sees the old content or the new, nothing between. What can't be written
     * leaves no trace.
     */
    public void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + TEMPORARY);
        Files.deleteIfExists(fresh);
        try {
            write(fresh, content);
            move(fresh, file);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
    }

    /** Makes a folder that is not there. */
    public void createFolder(Path folder) throws IOException {
        observer.accept("create " + folder.getFileName());
        Files.createDirectory(folder);
    }

    /** Gives a file or folder another name in the same folder. */
    public void move(Path from, Path to) throws IOException {
        observer.accept("rename to " + to.getFileName());
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null) {
            forceFolder(parent);
        }
    }

    /** Makes sure that the names in a folder are on the disk. */
    public void forceFolder(Path folder) throws IOException {
        observer.accept("force " + folder.getFileName());
        // Windows can't open a folder, and keeps its names in a journal.
        if (!WINDOWS) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Deletes a folder with all that is in it. */
    public void deleteFolder(Path folder) throws IOException {
        emptyFolder(folder, entry -> true);
        observer.accept("delete " + folder.getFileName());
        Files.delete(folder);
    }

    /**
     * Deletes what is in a folder, whole folders too.
     *
     * @param doomed tells of the folder's own entries which ones go; in the folders among them everything does
     */
    public void emptyFolder(Path folder, DirectoryStream.Filter<Path> doomed) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, doomed)) {
            for (Path entry : entries) {
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    deleteFolder(entry);
                } else {
                    observer.accept("delete " + entry.getFileName());
                    Files.delete(entry);
                }
            }
        }
    }

    /** Hashes what goes through. */
    private record DigestingChannel(FileChannel target, MessageDigest digest) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            ByteBuffer seen = source.duplicate();
            int written = target.write(source);
            digest.update(seen.limit(seen.position() + written));
            return written;
        }

        @Override
        public boolean isOpen() {
            return target.isOpen();
        }

        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}
