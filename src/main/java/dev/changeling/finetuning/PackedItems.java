package dev.changeling.finetuning;

import dev.changeling.batch.Batch;
import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceGroups;
import java.util.List;

/**
 * Items of a device batch in rows, several in one where they are short: with a row for each, half of a batch of short
 * texts would be padding. The sequences of an item are neighbours.
 *
 * @param rows the items of each row, in order
 * @param <T> a target
 */
record PackedItems<T>(List<List<Item<T>>> rows) {
    /** Tokens of a row, about, unless an item is longer: attention's work grows with a row's length. */
    private static final int ROW = 64;

    /** Rows are this long or a multiple: oneDNN makes a kernel for each number of tokens, and keeps it. */
    private static final int LENGTH_MULTIPLE = 8;

    /**
     * Deals items out.
     *
     * @param items at least one
     * @param count of device batches, at most that of the items
     * @return device batches of about as many tokens each
     */
    static <T> List<PackedItems<T>> of(List<Item<T>> items, int count) {
        return even(items, count).stream()
                .map(batch -> new PackedItems<>(even(batch, rowCount(batch))))
                .toList();
    }

    private static <T> int rowCount(List<Item<T>> items) {
        int tokens = items.stream().mapToInt(Item::length).sum();
        int row = Math.max(ROW, items.stream().mapToInt(Item::length).max().orElseThrow());
        return (tokens + row - 1) / row;
    }

    private static <T> List<List<Item<T>>> even(List<Item<T>> items, int count) {
        int[] lengths = items.stream().mapToInt(Item::length).toArray();
        return SequenceGroups.even(lengths, count).stream()
                .map(group -> group.stream().map(items::get).toList())
                .toList();
    }

    /** Returns the items in the order of their sequences in the batch. */
    List<Item<T>> inOrder() {
        return rows.stream().flatMap(List::stream).toList();
    }

    /**
     * Returns the items' sequences.
     *
     * @param padding the id of [PAD]
     */
    Batch batch(int padding) {
        List<List<Sequence>> sequences = rows.stream()
                .map(row ->
                        row.stream().flatMap(item -> item.sequences().stream()).toList())
                .toList();
        return Batches.ofRows(sequences, padding, LENGTH_MULTIPLE);
    }
}
