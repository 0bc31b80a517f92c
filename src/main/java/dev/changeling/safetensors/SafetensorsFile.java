package dev.changeling.safetensors;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file that is read by memory mapping, array by array, so a file may be larger than 2 GiB (an array may
 * not). The header is checked whole before anything is mapped.
 *
 * <p>The format is described at <a href="https://huggingface.co/docs/safetensors">huggingface.co/docs/safetensors</a>.
 */
public final class SafetensorsFile implements NamedArrays {
    /** The header's key that isn't an array. */
    static final String METADATA = "__metadata__";

    /**
     * Room for some hundred thousand arrays. The reference implementation allows six times as much, but what a header
     * can make the reader allocate is a multiple of its length.
     */
    private static final long LONGEST_HEADER = 16_000_000;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;

    private SafetensorsFile(Path file, FileChannel channel, SafetensorsHeader header, long dataStart) {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws InputException if it can't be read, is truncated, or its header breaks the format
     */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes what it got, and a failure closes it here
    public static SafetensorsFile open(Path file) {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            SafetensorsFile opened = open(file, channel);
            channel = null;
            return opened;
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } finally {
            closeQuietly(channel);
        }
    }

    /** Reads every array of a file. The arrays stay valid: their bytes are mapped. */
    public static List<NamedArray> readAll(Path file) {
        try (SafetensorsFile opened = open(file)) {
            List<NamedArray> arrays = new ArrayList<>();
            for (String name : opened.names()) {
                arrays.add(opened.array(name));
            }
            return arrays;
        }
    }

    @Override
    public Set<String> names() {
        return header.entries().keySet();
    }

    /** Returns what the writer said of the file, {@code format} for example. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /** Returns the array of that name, if there is one. */
    public Optional<NamedArray> find(String name) {
        return names().contains(name) ? Optional.of(array(name)) : Optional.empty();
    }

    @Override
    public NamedArray array(String name) {
        SafetensorsHeader.Entry entry = entry(name);
        long size = entry.end() - entry.begin();
        if (size > Integer.MAX_VALUE) {
            throw new InputException(
                    file + ": tensor " + name + " has " + size + " bytes, expected at most " + Integer.MAX_VALUE);
        }
        try {
            ByteBuffer data = size == 0
                    ? ByteBuffer.allocate(0)
                    : channel.map(FileChannel.MapMode.READ_ONLY, dataStart + entry.begin(), size);
            return new NamedArray(name, entry.type(), entry.shape(), data.order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new InputException(file + ": tensor " + name + " can't be read: " + FileFailure.reason(e), e);
        }
    }

    @Override
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    private SafetensorsHeader.Entry entry(String name) {
        SafetensorsHeader.Entry entry = header.entries().get(name);
        if (entry == null) {
            throw new InputException(file + ": has no tensor " + name);
        }
        return entry;
    }

    @Override
    public Path fileOf(String name) {
        return file;
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static SafetensorsFile open(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < 8) {
            throw new InputException(file + ": has " + size + " bytes, expected a safetensors file");
        }
        long headerLength = read(channel, 0, 8).getLong();
        if (headerLength < 2 || headerLength > LONGEST_HEADER) {
            throw new InputException(file + ": header length is " + Long.toUnsignedString(headerLength)
                    + ", expected 2 to " + LONGEST_HEADER);
        }
        if (headerLength > size - 8) {
            throw new InputException(file + ": truncated: header of " + headerLength + " bytes in a file of " + size);
        }
        byte[] json = new byte[(int) headerLength];
        read(channel, 8, json.length).get(json);
        long dataStart = 8 + headerLength;
        SafetensorsHeader header = SafetensorsHeader.parse(json, size - dataStart, file);
        return new SafetensorsFile(file, channel, header, dataStart);
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("end of file at " + (position + bytes.position()));
            }
        }
        return bytes.flip();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was written, so nothing is lost.
            }
        }
    }
}
