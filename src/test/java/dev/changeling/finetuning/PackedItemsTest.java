package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.batch.Batch;
import dev.changeling.batch.Sequence;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedItemsTest {
    private static final int PADDING = 0;

    /** Returns items of 2 to {@code most} tokens, all of which are the item's number, from 1. */
    private static List<Item<Integer>> items(int count, int most, long seed) {
        RandomStream random = RandomStream.of(seed, Purpose.ORDER);
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> {
                    int[] tokens = new int[2 + random.nextInt(most - 1)];
                    Arrays.fill(tokens, number);
                    return Item.of(Sequence.of(tokens), number);
                })
                .toList();
    }

    @Test
    void everyItemIsInOneDeviceBatchAndItsSequenceInTheItemsOrder() {
        long seed = 3;
        List<Item<Integer>> items = items(50, 40, seed);
        List<Item<Integer>> found = new ArrayList<>();
        for (PackedItems<Integer> packed : PackedItems.of(items, 4)) {
            Batch batch = packed.batch(PADDING);
            List<Integer> shown = new ArrayList<>();
            for (int i = 0; i < batch.tokens().length; i++) {
                if (batch.sequences()[i] != 0 && batch.positions()[i] == 0) {
                    shown.add(batch.tokens()[i]);
                }
            }
            assertThat(shown)
                    .as("seed %d", seed)
                    .isEqualTo(packed.inOrder().stream().map(Item::target).toList());
            found.addAll(packed.inOrder());
        }
        assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(items);
    }

    @Test
    void littleOfABatchOfShortTextsIsPadding() {
        long seed = 4;
        for (PackedItems<Integer> packed : PackedItems.of(items(64, 30, seed), 4)) {
            Batch batch = packed.batch(PADDING);
            assertThat(batch.length()).isLessThan(80);
            assertThat(batch.realTokens()).as("seed %d", seed).isGreaterThan(batch.tokens().length * 4 / 5);
        }
    }

    @Test
    void deviceBatchesHaveAboutAsManyTokensEach() {
        long seed = 5;
        int[] tokens = PackedItems.of(items(64, 30, seed), 2).stream()
                .mapToInt(packed -> packed.batch(PADDING).realTokens())
                .toArray();
        assertThat(Math.abs(tokens[0] - tokens[1])).as("seed %d", seed).isLessThan(30);
    }

    @Test
    void theSequencesOfAnItemStayTogetherAlsoWhereTheyAreLong() {
        Item<Integer> pair = new Item<>(List.of(Sequence.of(new int[70]), Sequence.of(new int[50])), 1);
        PackedItems<Integer> packed =
                PackedItems.of(List.of(pair, Item.of(Sequence.of(2, 3), 2)), 1).get(0);
        assertThat(packed.rows()).hasSize(2);
        assertThat(packed.inOrder().get(0)).isEqualTo(pair);
        assertThat(packed.batch(PADDING).length()).isEqualTo(120);
    }
}
