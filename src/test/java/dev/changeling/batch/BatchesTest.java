package dev.changeling.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.shard.RandomDocuments;
import dev.changeling.shard.Rows;
import dev.changeling.shard.WordTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchesTest {
    private static final long SEED = 17;
    private static final int LENGTH = 32;

    @TempDir
    static Path temporary;

    private static Dataset packed;
    private static Dataset segments;

    @BeforeAll
    static void prepare() throws IOException {
        packed = prepare("packed", ExampleFormat.PACKED);
        segments = prepare("segments", ExampleFormat.SEGMENTS);
    }

    private static Dataset prepare(String name, ExampleFormat format) throws IOException {
        Path tokenizer = Files.writeString(temporary.resolve("vocab.txt"), "words", UTF_8);
        return Prepare.run(
                RandomDocuments.of(RandomDocuments.texts(SEED, 150)),
                new WordTokenizer(1000),
                tokenizer,
                new PrepareOptions(LENGTH, format, 0.2, SEED, 15_000),
                1,
                temporary.resolve(name),
                progress -> {});
    }

    private static List<List<Integer>> rows(Batch batch) {
        return IntStream.range(0, batch.rows())
                .mapToObj(row -> Arrays.stream(batch.tokens(), row * batch.length(), (row + 1) * batch.length())
                        .boxed()
                        .toList())
                .toList();
    }

    private static List<Integer> row(Rows rows, long number) {
        int[] tokens = new int[LENGTH];
        rows.copyTokens(number, tokens, 0);
        return Arrays.stream(tokens).boxed().toList();
    }

    @Test
    void stepsWalkThroughEpochsInTheirOrder() {
        ShardBatches batches = new ShardBatches(packed, SEED, 10, 5);
        assertThat(batches.microBatches()).isEqualTo(2);
        Rows rows = packed.train();
        List<List<Integer>> found = new ArrayList<>();
        for (long step = 0; found.size() < 3 * rows.count(); step++) {
            found.addAll(rows(batches.batch(step, 0)));
            found.addAll(rows(batches.batch(step, 1)));
        }
        for (int i = 0; i < 3 * rows.count(); i++) {
            EpochOrder order = new EpochOrder(SEED, i / rows.count(), rows.count());
            assertThat(found.get(i)).as("row %d of the stream", i).isEqualTo(row(rows, order.row(i % rows.count())));
        }
    }

    @Test
    void ranksAndDeviceBatchesDivideTheSameTotalBatch() {
        ShardBatches alone = new ShardBatches(packed, SEED, 24, 24);
        for (long step : new long[] {0, 1, 7, 1_000_000_007L}) {
            List<List<Integer>> expected = rows(alone.batch(step, 0));
            for (int world : new int[] {1, 2, 3, 4}) {
                List<List<Integer>> found = new ArrayList<>();
                for (int rank = 0; rank < world; rank++) {
                    ShardBatches batches = new ShardBatches(packed, SEED, 24, 2, rank, world);
                    for (int micro = 0; micro < batches.microBatches(); micro++) {
                        found.addAll(rows(batches.batch(step, micro)));
                    }
                }
                assertThat(found).as("step %d, %d ranks", step, world).isEqualTo(expected);
            }
        }
    }

    @Test
    void everyTokenKnowsItsSequencePositionAndSegment() {
        for (Dataset dataset : List.of(packed, segments)) {
            Batch batch = new ShardBatches(dataset, SEED, 40, 40).batch(3, 0);
            Map<Integer, Integer> counts = new HashMap<>();
            int real = 0;
            for (int i = 0; i < batch.tokens().length; i++) {
                boolean rowStart = i % LENGTH == 0;
                boolean padding = batch.sequences()[i] == 0;
                counts.merge(batch.segments()[i], 1, Integer::sum);
                real += padding ? 0 : 1;
                if (padding) {
                    assertThat(batch.tokens()[i]).isZero();
                    assertThat(batch.positions()[i]).isZero();
                    assertThat(batch.segments()[i]).isZero();
                } else if (rowStart || batch.sequences()[i] != batch.sequences()[i - 1]) {
                    assertThat(batch.tokens()[i]).isEqualTo(WordTokenizer.SPECIAL.classify());
                    assertThat(batch.positions()[i]).isZero();
                    assertThat(batch.segments()[i]).isZero();
                    assertThat(batch.sequences()[i]).isEqualTo(rowStart ? 1 : batch.sequences()[i - 1] + 1);
                } else {
                    assertThat(batch.positions()[i]).isEqualTo(batch.positions()[i - 1] + 1);
                    // The second segment begins after the first [SEP] and lasts to the end of the sequence.
                    boolean second = batch.tokens()[i - 1] == WordTokenizer.SPECIAL.separator();
                    assertThat(batch.segments()[i]).isEqualTo(second ? 1 : batch.segments()[i - 1]);
                }
            }
            assertThat(batch.realTokens()).isEqualTo(real);
            assertThat(counts.keySet()).hasSize(dataset == packed ? 1 : 2);
        }
    }

    @Test
    void heldOutRowsComeOnceInOrder() {
        Rows rows = packed.heldOut();
        HeldOutBatches batches = new HeldOutBatches(packed, 7, 0);
        List<List<Integer>> found = new ArrayList<>();
        for (int i = 0; i < batches.batches(); i++) {
            Batch batch = batches.batch(i);
            assertThat(batch.rows()).isEqualTo((int) Math.min(7, rows.count() - found.size()));
            found.addAll(rows(batch));
        }
        assertThat(found).hasSize((int) rows.count());
        for (int i = 0; i < found.size(); i++) {
            assertThat(found.get(i)).isEqualTo(row(rows, i));
        }
        assertThat(rows.count() % 7).as("a last batch that is smaller").isNotZero();
    }

    @Test
    void aLimitedEvaluationTakesRowsFromEverywhere() {
        Rows rows = packed.heldOut();
        HeldOutBatches batches = new HeldOutBatches(packed, 4, 5);
        assertThat(batches.batches()).isEqualTo(2);
        assertThat(batches.rows()).isEqualTo(5);
        assertThat(rows(batches.batch(1))).containsExactly(row(rows, 4 * rows.count() / 5));
        assertThat(new HeldOutBatches(packed, 4, 1_000_000).rows()).isEqualTo(rows.count());
    }

    @Test
    void sequencesByHandGetARowEach() {
        Batch batch = Batches.of(List.of(Sequence.of(2, 9, 3), Sequence.of(2, 7, 8, 9, 3)), 1);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(5);
        assertThat(batch.tokens()).containsExactly(2, 9, 3, 1, 1, 2, 7, 8, 9, 3);
        assertThat(batch.sequences()).containsExactly(1, 1, 1, 0, 0, 1, 1, 1, 1, 1);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 0, 0, 0, 1, 2, 3, 4);
        assertThat(batch.segments()).containsOnly(0);
        assertThat(batch.realTokens()).isEqualTo(8);
    }

    @Test
    void aRowMayHoldSeveralSequencesByHand() {
        Batch batch = Batches.ofRows(
                List.of(
                        List.of(new Sequence(new int[] {2, 9, 3, 8, 3}, 3), Sequence.of(2, 3)),
                        List.of(Sequence.of(2, 7, 3))),
                1,
                4);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.length()).isEqualTo(8);
        assertThat(batch.tokens()).containsExactly(2, 9, 3, 8, 3, 2, 3, 1, 2, 7, 3, 1, 1, 1, 1, 1);
        assertThat(batch.sequences()).containsExactly(1, 1, 1, 1, 1, 2, 2, 0, 1, 1, 1, 0, 0, 0, 0, 0);
        assertThat(batch.positions()).containsExactly(0, 1, 2, 3, 4, 0, 1, 0, 0, 1, 2, 0, 0, 0, 0, 0);
        assertThat(batch.segments()).containsExactly(0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(batch.realTokens()).isEqualTo(10);
    }

    @Test
    void impossibleDivisionsAreRefused() {
        assertThatThrownBy(() -> new ShardBatches(packed, SEED, 10, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ShardBatches(packed, SEED, 12, 4, 0, 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ShardBatches(packed, SEED, 12, 4, 3, 3))
                .isInstanceOf(IllegalArgumentException.class);
        ShardBatches batches = new ShardBatches(packed, SEED, 12, 4);
        assertThatThrownBy(() -> batches.batch(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> batches.batch(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
