package dev.changeling.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
    private static final long SEED = 41;
    private static final int ROW = 16;
    private static final byte[] TOKENIZER = new byte[32];

    @TempDir
    Path folder;

    static {
        Arrays.fill(TOKENIZER, (byte) 9);
    }

    private static List<Row> randomRows(int count, int vocabularySize) {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS, vocabularySize);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] tokens = new int[ROW];
            Arrays.setAll(tokens, j -> random.nextInt(vocabularySize));
            int first = 2 + random.nextInt(8);
            int second = 1 + random.nextInt(6);
            rows.add(
                    i % 3 == 0
                            ? new Row(tokens, new int[] {first}, new int[] {random.nextInt(first + 1)})
                            : new Row(tokens, new int[] {first, second}, new int[] {first, second - 1}));
        }
        return rows;
    }

    private Path write(List<Row> rows, int vocabularySize) throws IOException {
        Path file = folder.resolve("train-00000.shard");
        try (ShardWriter writer = new ShardWriter(file, ROW, vocabularySize, TOKENIZER)) {
            for (Row row : rows) {
                writer.add(row);
            }
            long announced = writer.bytes();
            writer.finish();
            assertThat(Files.size(file)).isEqualTo(announced);
        }
        return file;
    }

    @ParameterizedTest
    @ValueSource(ints = {30, 65_536, 65_537, 300_000})
    void whatWasWrittenIsRead(int vocabularySize) throws IOException {
        List<Row> rows = randomRows(3000, vocabularySize);
        Shard shard = Shard.open(write(rows, vocabularySize));
        assertThat(shard.rows()).isEqualTo(rows.size());
        assertThat(shard.vocabularySize()).isEqualTo(vocabularySize);
        assertThat(shard.tokenizedBy(TOKENIZER)).isTrue();
        assertThat(shard.tokenizedBy(new byte[32])).isFalse();
        int[] tokens = new int[ROW + 1];
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            shard.copyTokens(i, tokens, 1);
            assertThat(Arrays.copyOfRange(tokens, 1, ROW + 1)).isEqualTo(row.tokens());
            assertThat(shard.sequences(i)).isEqualTo(row.lengths().length);
            for (int sequence = 0; sequence < row.lengths().length; sequence++) {
                assertThat(shard.length(i, sequence)).isEqualTo(row.lengths()[sequence]);
                assertThat(shard.firstSegment(i, sequence)).isEqualTo(row.firstSegments()[sequence]);
            }
        }
    }

    @Test
    void everyFlippedBitIsFound() throws IOException {
        Path file = write(randomRows(7, 500), 500);
        byte[] whole = Files.readAllBytes(file);
        Path damaged = folder.resolve("damaged.shard");
        for (int at = 0; at < whole.length; at++) {
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            Files.write(damaged, bytes);
            assertThatThrownBy(() -> Shard.open(damaged))
                    .as("byte %d of %d", at, whole.length)
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith(damaged.toString())
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void everyCutAndEveryExtensionIsFound() throws IOException {
        byte[] whole = Files.readAllBytes(write(randomRows(3, 500), 500));
        Path damaged = folder.resolve("damaged.shard");
        for (int length = 0; length <= whole.length + 40; length++) {
            if (length != whole.length) {
                Files.write(damaged, Arrays.copyOf(whole, length));
                assertThatThrownBy(() -> Shard.open(damaged))
                        .as("%d of %d bytes", length, whole.length)
                        .isInstanceOf(InputException.class)
                        .hasMessageStartingWith(damaged.toString());
            }
        }
    }

    @Test
    void randomDamageNeverEndsInAnythingButAMessage() throws IOException {
        byte[] whole = Files.readAllBytes(write(randomRows(20, 70_000), 70_000));
        RandomStream random = RandomStream.of(SEED, Purpose.SWAPS);
        Path damaged = folder.resolve("damaged.shard");
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = Arrays.copyOf(whole, 1 + random.nextInt(whole.length + 100));
            for (int i = random.nextInt(20); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (Arrays.equals(bytes, whole)) {
                continue;
            }
            Files.write(damaged, bytes);
            assertThatThrownBy(() -> Shard.open(damaged))
                    .as("seed %d, round %d", SEED, round)
                    .isInstanceOf(InputException.class);
        }
    }

    /** A writer gone wrong seals nonsense with right checksums; it is refused all the same. */
    @Test
    void nonsenseUnderRightChecksumsIsFound() throws IOException {
        Path file = write(randomRows(4, 500), 500);
        byte[] whole = Files.readAllBytes(file);
        int tokens = ShardFormat.HEADER_BYTES;
        int starts = tokens + 4 * ROW * 2;
        int sequences = starts + 5 * 4;
        int footer = whole.length - ShardFormat.FOOTER_BYTES;
        assertSealedNonsense(
                whole, buffer -> buffer.putShort(tokens + 6, (short) 500), "row 0: token 500; expected ids below");
        assertSealedNonsense(whole, buffer -> buffer.putInt(starts + 4, 70_000), "begin out of order");
        assertSealedNonsense(whole, buffer -> buffer.putInt(starts, 1), "begin out of order");
        assertSealedNonsense(whole, buffer -> buffer.putShort(sequences, (short) 17), "sequences of");
        assertSealedNonsense(whole, buffer -> buffer.putShort(sequences, (short) 0), "impossible sequence lengths");
        assertSealedNonsense(
                whole, buffer -> buffer.putShort(sequences + 2, (short) 16), "impossible sequence lengths");
        assertSealedNonsense(whole, buffer -> buffer.putInt(footer - 4, 0), "impossible sequence lengths");
    }

    private interface Change {
        void apply(ByteBuffer bytes);
    }

    private void assertSealedNonsense(byte[] whole, Change change, String message) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        change.apply(bytes);
        int[] ends = {
            0,
            ShardFormat.HEADER_BYTES,
            ShardFormat.HEADER_BYTES + 4 * ROW * 2,
            ShardFormat.HEADER_BYTES + 4 * ROW * 2 + 5 * 4,
            whole.length - ShardFormat.FOOTER_BYTES
        };
        int footer = ends[4];
        for (int i = 0; i < 4; i++) {
            bytes.putInt(footer + 4 * i, crc(bytes, ends[i], ends[i + 1]));
        }
        bytes.putInt(footer + 24, crc(bytes, footer, footer + 24));
        Path file = Files.write(folder.resolve("sealed.shard"), bytes.array());
        assertThatThrownBy(() -> Shard.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private static int crc(ByteBuffer bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, to - from));
        return (int) crc.getValue();
    }

    @Test
    void aWriterThatDoesNotFinishLeavesNothing() throws IOException {
        Path file = folder.resolve("train-00000.shard");
        try (ShardWriter writer = new ShardWriter(file, ROW, 500, TOKENIZER)) {
            writer.add(randomRows(1, 500).get(0));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
        try (ShardWriter writer = new ShardWriter(file, ROW, 5, TOKENIZER)) {
            assertThatThrownBy(() -> writer.add(new Row(new int[] {5}, new int[] {1}, new int[] {1})))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("token 5; expected ids below the vocabulary size 5");
        }
    }

    @Test
    void otherFilesAndVersionsAreNamed() throws IOException {
        Path text = Files.write(
                folder.resolve("text.shard"), "no shard at all ".repeat(20).getBytes(UTF_8));
        assertThatThrownBy(() -> Shard.open(text)).hasMessageContaining("no shard; its first bytes are not CHNGSHRD");
        Path file = write(randomRows(3, 500), 500);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(new String(bytes, 0, 8, UTF_8)).isEqualTo("CHNGSHRD");
        assertThat(new String(bytes, bytes.length - 4, 4, UTF_8)).isEqualTo("END\n");
        bytes[8] = 2;
        Files.write(file, bytes);
        assertThatThrownBy(() -> Shard.open(file)).hasMessageContaining("shard format version 2; expected 1");
    }
}
