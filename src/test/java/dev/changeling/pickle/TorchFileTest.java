package dev.changeling.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files under {@code torch/} are PyTorch's own (bench/reference/make_torch_files.py). */
class TorchFileTest {
    private static final Path FILES = Path.of("src/test/resources/torch");

    @TempDir
    Path folder;

    private static float[] floats(TorchFile file, String name) {
        return file.array(name).floats();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "legacy.bin"})
    void readsWhatTorchSaved(String name) {
        try (TorchFile file = TorchFile.open(FILES.resolve(name))) {
            assertThat(file.names())
                    .containsExactly("table", "last_rows", "parameter", "half", "bfloat", "double", "ids", "scalar");
            assertThat(file.shape("table")).containsExactly(4L, 3L);
            assertThat(floats(file, "table"))
                    .containsExactly(0, .125f, .25f, .375f, .5f, .625f, .75f, .875f, 1, 1.125f, 1.25f, 1.375f);
            assertThat(file.shape("last_rows")).containsExactly(2L, 3L);
            assertThat(floats(file, "last_rows")).containsExactly(.75f, .875f, 1, 1.125f, 1.25f, 1.375f);
            assertThat(floats(file, "parameter")).containsExactly(1.5f, -2.5f);
            assertThat(floats(file, "half")).containsExactly(0, -0f, 1, -2, 65504, 0x1p-24f, Float.POSITIVE_INFINITY);
            assertThat(floats(file, "bfloat")[1]).isEqualTo(-3);
            assertThat(floats(file, "bfloat")[2]).isCloseTo(1e30f, within(1e28f));
            assertThat(floats(file, "double")).containsExactly(1 / 3f);
            assertThat(file.array("ids").type()).isEqualTo(NamedArray.Type.I64);
            assertThat(file.array("ids").data().getLong(16)).isEqualTo(2);
            assertThat(file.shape("scalar")).isEmpty();
            assertThat(floats(file, "scalar")).containsExactly(7);
        }
    }

    @Test
    void readsAModulesStateWithTheVersionsThatItCarries() {
        try (TorchFile file = TorchFile.open(FILES.resolve("state_dict.bin"))) {
            assertThat(file.names()).containsExactly("weight", "bias");
            assertThat(floats(file, "weight")).containsExactly(1, 2);
            assertThat(floats(file, "bias")).containsExactly(3);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    training.bin   | holds 'weights', which is no tensor; expected a dictionary of tensors
                    transposed.bin | data.pkl, byte 165: a tensor of shape [3, 2] with strides [1, 3]; expected one whose numbers lie in order
                    """)
    void whatIsNoDictionaryOfPlainTensorsIsRefused(String name, String reason) {
        assertThatThrownBy(() -> TorchFile.open(FILES.resolve(name)))
                .isInstanceOf(InputException.class)
                .hasMessage(FILES.resolve(name) + ": " + reason);
    }

    /** What a pickle would do in Python stands before each. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    calls os.system        | cos~0asystem~0a(X~04~00~00~00exittR.           | names os.system, which is not one
                    calls eval             | c__builtin__~0aeval~0a)R.                         | names __builtin__.eval, which is not one
                    makes an object        | (i__main__~0aA~0a.                                | operation 'i' is not one that tensors need
                    reads on               | }q~00X~07~00~00~00ab                           | truncated: 7 bytes expected, 2 left
                    a text of 4 GiB        | X~ff~ff~ff~ffab.                   | truncated: 4294967295 bytes expected
                    pops an empty stack    | 0.                                               | operation '0' is not one
                    stops with nothing     | .                                                | the stack is empty
                    a value never kept     | h~05.                                         | nothing was kept under 5
                    no mark                | t.                                               | no mark to go back to
                    another kind of value  | K~01K~02a.                                | on a value of another kind
                    calls a number         | K~01)R.                                      | on a value of another kind
                    a list as a key        | }]K~01s.                                      | a key that is neither text nor a number
                    a newer pickle         | ~80~09}.                                   | pickle protocol 9
                    a list                 | ].                                               | holds no dictionary
                    a number in it         | }X~01~00~00~00nK~01s.                       | holds 'n', which is no tensor
                    """)
    void aHostilePickleIsRefusedAndNotRun(String what, String pickle, String reason) throws IOException {
        Path file = zip("a/data.pkl", bytes(pickle));
        assertThatThrownBy(() -> TorchFile.open(file), what)
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    /** {@code ~HH} is a byte in hexadecimal. */
    private static byte[] bytes(String escaped) {
        return Pattern.compile("~([0-9a-f]{2})")
                .matcher(escaped)
                .replaceAll(hex -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex.group(1), 16))))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aTensorBeyondItsStorageIsRefused() throws IOException {
        // A storage of 1,000,000,000 numbers, of which the archive has none.
        String pickle = "}X\1\0\0\0tctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storagectorch\nFloatStorage\n"
                + "X\1\0\0\0000X\3\0\0\0cpuJ\0\312\232\073tQK\0J\0\312\232\073\205K\1\205\211)tRs.";
        Path lacking = zip("a/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> TorchFile.open(lacking))
                .isInstanceOf(InputException.class)
                .hasMessage(lacking + ": the archive has no a/data/0");

        Path small = zip("a/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1), "a/data/0", new byte[8]);
        assertThatThrownBy(() -> TorchFile.open(small))
                .isInstanceOf(InputException.class)
                .hasMessage(small + ": storage 0: has 8 bytes, but 1000000000 numbers of type F32 take 4000000000");

        Path beyond = zip(
                "a/data.pkl",
                pickle.replace("cpuJ\0\312\232\073", "cpuJ\2\0\0\0").getBytes(StandardCharsets.ISO_8859_1),
                "a/data/0",
                new byte[8]);
        assertThatThrownBy(() -> TorchFile.open(beyond))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("a tensor of shape [1000000000] from number 0 of a storage of 2");
    }

    @Test
    void aCompressedArchiveIsRefusedWhateverItUnfoldsTo() throws IOException {
        Path bomb = folder.resolve("bomb.bin");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            zip.putNextEntry(new ZipEntry("a/data.pkl"));
            zip.write(new byte[50_000_000]);
        }
        assertThat(Files.size(bomb)).isLessThan(100_000);
        assertThatThrownBy(() -> TorchFile.open(bomb))
                .isInstanceOf(InputException.class)
                .hasMessage(bomb + ": a/data.pkl: compressed; torch.save stores as it is");
    }

    /** Of the central directory's first entry, data.pkl: its size, then its place. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    24 | a/data.pkl: 268435455 bytes in an archive of
                    42 | a/data.pkl: a damaged zip archive
                    """)
    void anArchiveThatLiesOfItsEntriesIsRefused(int field, String reason) throws IOException {
        Path file = zip("a/data.pkl", bytes("}."));
        byte[] archive = Files.readAllBytes(file);
        int directory = new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        Arrays.fill(archive, directory + field, directory + field + 3, (byte) 0xff);
        archive[directory + field + 3] = 0x0f;
        Files.write(file, archive);
        assertThatThrownBy(() -> TorchFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + ": " + reason);
    }

    @Test
    void otherFilesAreNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no tensors at all");
        assertThatThrownBy(() -> TorchFile.open(text))
                .isInstanceOf(InputException.class)
                .hasMessage(text + ": not a file of torch.save");
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> TorchFile.open(empty)).hasMessage(empty + ": not a file of torch.save");
        Path zip = zip("a/other", new byte[3]);
        assertThatThrownBy(() -> TorchFile.open(zip))
                .hasMessage(zip + ": a zip archive without data.pkl; expected one of torch.save");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> TorchFile.open(none)).hasMessage(none + ": no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zip.bin", "legacy.bin", "state_dict.bin"})
    void aDamagedFileIsReadOrRefusedButNeverMore(String name) throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve(name));
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Path file = folder.resolve("damaged.bin");
        int refused = 0;
        for (int round = 0; round < 400; round++) {
            byte[] damaged = damage(whole, random);
            Files.write(file, damaged);
            try (TorchFile opened = TorchFile.open(file)) {
                for (String tensor : opened.names()) {
                    NamedArray array = opened.array(tensor);
                    assertThat((long) array.data().remaining()).isLessThanOrEqualTo(damaged.length);
                }
            } catch (InputException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isPositive();
    }

    private static byte[] damage(byte[] whole, Random random) {
        byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        // Mostly in the pickle, which is at the front.
        int reach = random.nextBoolean() ? Math.min(900, damaged.length) : damaged.length;
        for (int i = random.nextInt(4); i >= 0 && reach > 0; i--) {
            damaged[random.nextInt(reach)] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    private Path zip(Object... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (int i = 0; i < namesAndContents.length; i += 2) {
                byte[] content = (byte[]) namesAndContents[i + 1];
                ZipEntry entry = new ZipEntry((String) namesAndContents[i]);
                CRC32 crc = new CRC32();
                crc.update(content);
                entry.setCrc(crc.getValue());
                entry.setSize(content.length);
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
        return Files.write(Files.createTempFile(folder, "made", ".bin"), bytes.toByteArray());
    }
}
