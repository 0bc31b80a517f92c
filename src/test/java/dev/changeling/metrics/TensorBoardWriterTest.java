package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardWriterTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_700_000_000_250L), ZoneOffset.UTC);

    /** TensorBoard 2.21.0's EventAccumulator read both scalars and their step from these bytes. */
    private static final String GOLDEN =
            "1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe9"
                    + "100000000000000095fbfe180900001040fc54d94110ac023a0208016b3b88f12e00000000000000"
                    + "c5cb57fa0900001040fc54d94110ac022a200a0f0a086d6c6d5f6c6f7373150000a4400a0d0a0674"
                    + "6f6b656e731500247449f05e520f";

    @TempDir
    Path folder;

    @Test
    void theBytesAreThoseThatTensorBoardRead() throws IOException {
        try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 299, CLOCK)) {
            writer.write(Metrics.at(300)
                    .put("mlm_loss", 5.125)
                    .put("tokens", 1_000_000)
                    .build());
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(onlyFile()))).isEqualTo(GOLDEN);
    }

    @Test
    void everyScalarComesBackUnderItsStep() throws IOException {
        try (TensorBoardWriter writer = TensorBoardWriter.open(folder, 0, CLOCK)) {
            writer.write(Metrics.at(1).put("a", 1.5).put("b", -2.25).build());
            writer.write(
                    Metrics.at(5_000_000_000L).put("a", Double.NaN).put("ü", 7).build());
        }
        List<Map<Integer, Object>> events = events(Files.readAllBytes(onlyFile()));

        assertThat(events).hasSize(4);
        assertThat(events.get(0).get(1)).isEqualTo(1_700_000_000.25);
        assertThat(text(events.get(0).get(3))).isEqualTo("brain.Event:2");
        assertThat(events.get(1).get(2)).isEqualTo(1L);
        assertThat(fields(bytes(events.get(1).get(7)))).containsExactly(Map.entry(1, 1L));
        assertThat(events.get(2).get(2)).isEqualTo(1L);
        assertThat(scalars(events.get(2))).containsExactly(Map.entry("a", 1.5f), Map.entry("b", -2.25f));
        assertThat(events.get(3).get(2)).isEqualTo(5_000_000_000L);
        assertThat(scalars(events.get(3))).containsExactly(Map.entry("a", Float.NaN), Map.entry("ü", 7f));
    }

    @Test
    void aLaterStartWritesAFileThatSortsBehind() {
        TensorBoardWriter.open(folder, 0, CLOCK).close();
        TensorBoardWriter.open(folder, 9, Clock.offset(CLOCK, Duration.ofNanos(1)))
                .close();
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactly(
                            "events.out.tfevents.1700000000.250000000.changeling",
                            "events.out.tfevents.1700000000.250000001.changeling");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    /** A decoder written from the descriptions of TFRecord and protobuf, not from the writer. */
    private static List<Map<Integer, Object>> events(byte[] file) {
        List<Map<Integer, Object>> events = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            int start = buffer.position();
            byte[] payload = new byte[(int) buffer.getLong()];
            assertThat(buffer.getInt()).isEqualTo(masked(file, start, 8));
            buffer.get(payload);
            assertThat(buffer.getInt()).isEqualTo(masked(payload, 0, payload.length));
            events.add(fields(payload));
        }
        return events;
    }

    /** Bit by bit, with the reversed Castagnoli polynomial. */
    private static int masked(byte[] bytes, int start, int length) {
        int crc = -1;
        for (int i = start; i < start + length; i++) {
            crc ^= bytes[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    private static Map<Integer, Object> fields(byte[] message) {
        Map<Integer, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<Integer, Object> field : list(message)) {
            fields.put(field.getKey(), field.getValue());
        }
        return fields;
    }

    private static List<Map.Entry<Integer, Object>> list(byte[] message) {
        List<Map.Entry<Integer, Object>> fields = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            long key = varint(buffer);
            Object value = switch ((int) (key & 7)) {
                case 0 -> varint(buffer);
                case 1 -> buffer.getDouble();
                case 5 -> buffer.getFloat();
                case 2 -> {
                    byte[] bytes = new byte[(int) varint(buffer)];
                    buffer.get(bytes);
                    yield bytes;
                }
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            fields.add(Map.entry((int) (key >>> 3), value));
        }
        return fields;
    }

    private static long varint(ByteBuffer buffer) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = buffer.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static Map<String, Float> scalars(Map<Integer, Object> event) {
        Map<String, Float> scalars = new LinkedHashMap<>();
        for (Map.Entry<Integer, Object> value : list(bytes(event.get(5)))) {
            assertThat(value.getKey()).isEqualTo(1);
            Map<Integer, Object> fields = fields(bytes(value.getValue()));
            scalars.put(text(fields.get(1)), (Float) fields.get(2));
        }
        return scalars;
    }

    private static byte[] bytes(@Nullable Object value) {
        assertThat(value).isInstanceOf(byte[].class);
        return value == null ? new byte[0] : (byte[]) value;
    }

    private static String text(@Nullable Object value) {
        return new String(bytes(value), StandardCharsets.UTF_8);
    }
}
