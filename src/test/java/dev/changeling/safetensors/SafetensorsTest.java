package dev.changeling.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    private static final NamedArray A = array("a", NamedArray.Type.F32, List.of(2L), 1, 2, 3, 4, 5, 6, 7, 8);
    private static final NamedArray B = array("b", NamedArray.Type.BOOL, List.of(1L, 3L), 1, 0, 1);
    private static final NamedArray C = array("c", NamedArray.Type.I64, List.of(), 8, 7, 6, 5, 4, 3, 2, 1);
    private static final NamedArray EMPTY = array("e", NamedArray.Type.F16, List.of(0L, 4L));

    private Path file = Path.of("unset");

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void theBytesAreAsTheFormatSays() throws IOException {
        SafetensorsWriter.write(file, List.of(B, A), Map.of());

        String header = "{\"__metadata__\":{\"format\":\"pt\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                + "\"b\":{\"dtype\":\"BOOL\",\"shape\":[1,3],\"data_offsets\":[8,11]}}";
        ByteBuffer expected = ByteBuffer.allocate(8 + 144 + 11).order(ByteOrder.LITTLE_ENDIAN);
        expected.putLong(144).put(header.getBytes(StandardCharsets.UTF_8));
        while (expected.position() < 152) {
            expected.put((byte) ' ');
        }
        expected.put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 1, 0, 1});
        assertThat(header).hasSize(142);
        assertThat(Files.readAllBytes(file)).isEqualTo(expected.array());
    }

    @Test
    void everyArrayComesBack() throws IOException {
        SafetensorsWriter.write(file, List.of(EMPTY, B, A, C), Map.of("note", "ü"));
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.metadata()).containsOnly(Map.entry("format", "pt"), Map.entry("note", "ü"));
            assertThat(opened.names()).containsExactlyInAnyOrder("c", "a", "e", "b");
            assertThat(opened.find("none")).isEmpty();
            assertThatThrownBy(() -> opened.array("none"))
                    .isInstanceOf(InputException.class)
                    .hasMessage(file + ": has no tensor none");
        }
        // Buffers are compared from position to limit, and outlive the file.
        assertThat(SafetensorsFile.readAll(file)).containsExactlyInAnyOrder(A, B, C, EMPTY);
        assertThat(SafetensorsFile.readAll(file).get(0).data().order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void theBytesDoNotDependOnTheOrderOfTheList() throws IOException {
        SafetensorsWriter.write(file, List.of(A, B, C, EMPTY), Map.of("x", "1", "y", "2"));
        byte[] first = Files.readAllBytes(file);
        SafetensorsWriter.write(file, List.of(EMPTY, C, B, A), Map.of("y", "2", "x", "1"));
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
        assertThat(A.data().position()).isZero();
    }

    @Test
    void twoArraysOfOneNameAreRefused() {
        assertThatThrownBy(() -> SafetensorsWriter.write(file, List.of(A, A), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a");
    }

    @Test
    void anArrayHoldsAsManyBytesAsItsShapeSays() {
        assertThatThrownBy(() -> array("w", NamedArray.Type.F32, List.of(2L, 2L), 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("w has 3 bytes");
    }

    /** A sparse file: it takes no room on the disk. */
    @Test
    void arraysBehindTwoGibibytesAreReadAndLargerOnesRefusedByName() throws IOException {
        long large = 3L << 30;
        byte[] header = ("{\"big\":{\"dtype\":\"U8\",\"shape\":[" + large + "],\"data_offsets\":[0," + large + "]},"
                        + "\"far\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[" + large + "," + (large + 2)
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.writeLong(Long.reverseBytes(header.length));
            sparse.write(header);
            sparse.seek(8 + header.length + large);
            sparse.write(new byte[] {42, 43});
        }
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.array("far").data()).isEqualTo(ByteBuffer.wrap(new byte[] {42, 43}));
            assertThatThrownBy(() -> opened.array("big"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("tensor big has 3221225472 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}} | tensor w: has 4 bytes, but F32 of shape [2] takes 8",
                "{'w':{'dtype':'F8','shape':[8],'data_offsets':[0,8]}} | tensor w: dtype is \"F8\", expected one of",
                "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | tensor w: shape holds -2",
                "{'w':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | tensor w: shape holds 2.0",
                "{'w':{'dtype':'F32','shape':2,'data_offsets':[0,8]}} | tensor w: shape is not a list",
                "{'w':{'dtype':'F32','shape':[4611686018427387904,8],'data_offsets':[0,8]}} | tensor w: shape [4611686018427387904, 8] is too large",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | tensor w: data_offsets are [8, 0]",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0]}} | tensor w: data_offsets are [0]",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,99999999999999999999]}} | tensor w: data_offsets holds",
                "{'w':{'dtype':'F32','shape':[2]}} | tensor w: expected dtype, shape and data_offsets",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8],'x':1}} | tensor w: expected dtype, shape",
                "{'w':7} | tensor w: expected dtype, shape and data_offsets",
                "{'w':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | tensor w: ends at byte 16, but the file has 8",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | has 8 bytes of data, but its tensors take 4",
                "{'w':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | tensor w: begins at byte 4, expected 0",
                "{'v':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | tensor w: begins at byte 0, expected 4",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | header is not valid JSON",
                "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}} | header is not valid JSON",
                "{'w':{'dtype':'F32','shape':[2], | header is not valid JSON",
                "{'__metadata__':{'a':1},'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | __metadata__.a is not a string",
                "{'__metadata__':3} | __metadata__ is not an object",
                "[1] | header doesn't begin with '{'"
            })
    void aBrokenHeaderIsRefusedByName(String header, String message) throws IOException {
        writeRaw(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8), 8);
        assertRefused(message);
    }

    @Test
    void aFileThatIsNoneIsRefused() throws IOException {
        assertRefused("no such file");
        Files.write(file, new byte[0]);
        assertRefused("has 0 bytes, expected a safetensors file");
        Files.write(file, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, '{'});
        assertRefused("header length is 1, expected 2 to 16000000");
        Files.write(file, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, '{'});
        assertRefused("header length is 18446744073709551615");
        Files.write(file, new byte[] {9, 0, 0, 0, 0, 0, 0, 0, '{', '}'});
        assertRefused("truncated: header of 9 bytes in a file of 10");
        writeRaw(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, 0);
        assertRefused("header is not UTF-8");
    }

    @Test
    void anyTruncationIsRefused() throws IOException {
        SafetensorsWriter.write(file, List.of(A, B, C), Map.of());
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused("");
        }
    }

    /** Damage may go unnoticed in the numbers, but must never end in anything but an InputException. */
    @Test
    void randomDamageIsReadOrRefused() throws IOException {
        long seed = new Random().nextLong();
        RandomStream random = RandomStream.of(seed, Purpose.SWAPS);
        SafetensorsWriter.write(file, List.of(A, B, C, EMPTY), Map.of());
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int trial = 0; trial < 1000; trial++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                SafetensorsFile.readAll(file);
            } catch (InputException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("seed %d, trial %d", seed, trial)
                        .startsWith(file.toString())
                        .doesNotContain("\n");
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", trial " + trial, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(300);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    private void writeRaw(byte[] header, int dataSize) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + dataSize).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length).put(header);
        Files.write(file, bytes.array());
    }

    private static NamedArray array(String name, NamedArray.Type type, List<Long> shape, int... bytes) {
        ByteBuffer data = ByteBuffer.allocate(bytes.length);
        for (int value : bytes) {
            data.put((byte) value);
        }
        return new NamedArray(name, type, shape, data.flip());
    }
}
