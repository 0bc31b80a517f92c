package dev.changeling.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes arrays in the safetensors format: the header's length in 8 little-endian bytes, a JSON header padded with
 * spaces to a multiple of 8, then the arrays' bytes without gaps.
 *
 * <p>The bytes depend on the arrays alone, not on their order in the list: wider number types come first, so that every
 * array is aligned, and names are sorted within a type.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private SafetensorsWriter() {}

    /**
     * Writes a new file, or replaces one, and forces it to the disk.
     *
     * @param arrays with distinct names
     * @param metadata goes into the header besides {@code format: pt}, without which Hugging Face's loaders refuse a
     *     file
     */
    public static void write(Path file, List<NamedArray> arrays, Map<String, String> metadata) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(channel, arrays, metadata);
            channel.force(true);
        }
    }

    /**
     * Writes to a channel, front to back; forces nothing to the disk.
     *
     * @param arrays with distinct names
     * @param metadata goes into the header besides {@code format: pt}
     */
    public static void write(WritableByteChannel channel, List<NamedArray> arrays, Map<String, String> metadata)
            throws IOException {
        List<NamedArray> ordered = arrays.stream()
                .sorted(Comparator.comparing((NamedArray array) -> -array.type().bytes())
                        .thenComparing(NamedArray::name))
                .toList();
        writeAll(channel, header(ordered, metadata));
        for (NamedArray array : ordered) {
            writeAll(channel, array.data().duplicate());
        }
    }

    private static ByteBuffer header(List<NamedArray> arrays, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode metadataNode = header.putObject(SafetensorsFile.METADATA);
        Map<String, String> entries = new TreeMap<>(metadata);
        entries.put("format", "pt");
        entries.forEach(metadataNode::put);

        long offset = 0;
        Set<String> names = new HashSet<>(Set.of(SafetensorsFile.METADATA));
        for (NamedArray array : arrays) {
            if (!names.add(array.name())) {
                throw new IllegalArgumentException("two arrays are named " + array.name());
            }
            ObjectNode entry = header.putObject(array.name());
            entry.put("dtype", array.type().name());
            array.shape().forEach(entry.putArray("shape")::add);
            long end = offset + array.data().remaining();
            entry.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }

        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(json);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private static void writeAll(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
