package dev.changeling.shard;

import dev.changeling.tokenizer.SpecialTokens;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Packs pieces of documents into rows with hardly any padding. A document longer than a row is cut into pieces that
 * fill rows; what is left, and shorter documents, wait in a bounded pool from which rows are put together best-fit: the
 * longest piece that fits first, two that fill the gap exactly if there are such, and a piece cut in two where nothing
 * fits. Attention never crosses a piece, because the row records where each ends.
 */
final class PackedExamples implements ExampleBuilder {
    /** [CLS] and [SEP] around every piece. */
    private static final int OVERHEAD = 2;
    /** Shorter pieces teach little; one is cut only where padding would else be more than {@link #WASTE_GOAL}. */
    private static final int SHORTEST_PIECE = 8;
    /** The share of padding from which on pieces are cut shorter than that. */
    private static final double WASTE_GOAL = 0.015;
    /** How many rows' worth of tokens wait in the pool. */
    private static final int POOL_ROWS = 256;

    private final int rowLength;
    private final SpecialTokens special;
    private final RowSink sink;
    /** Waiting pieces by their length, oldest first. */
    private final List<Deque<int[]>> pool;
    /** Which lengths are waiting. */
    private final BitSet waiting = new BitSet();

    private final List<int[]> row = new ArrayList<>();
    private long poolTokens;
    private long positions;
    private long padding;

    PackedExamples(int rowLength, SpecialTokens special, RowSink sink) {
        this.rowLength = rowLength;
        this.special = special;
        this.sink = sink;
        this.pool = new ArrayList<>();
        for (int length = 0; length <= rowLength - OVERHEAD; length++) {
            pool.add(new ArrayDeque<>());
        }
    }

    @Override
    public void add(long document, List<int[]> lines) throws IOException {
        int[] tokens = concatenate(lines);
        int whole = rowLength - OVERHEAD;
        int from = 0;
        while (tokens.length - from >= whole) {
            int left = tokens.length - from - whole;
            if (left > 0 && left < SHORTEST_PIECE && whole >= 2 * SHORTEST_PIECE) {
                // Two halves in place of a full row and a crumb.
                int half = (tokens.length - from) / 2;
                offer(Arrays.copyOfRange(tokens, from, from + half));
                from += half;
                break;
            }
            row.add(Arrays.copyOfRange(tokens, from, from + whole));
            emit();
            from += whole;
        }
        if (from < tokens.length) {
            offer(Arrays.copyOfRange(tokens, from, tokens.length));
        }
        while (poolTokens > (long) POOL_ROWS * rowLength) {
            fillRow();
        }
    }

    @Override
    public void flush() throws IOException {
        while (poolTokens > 0) {
            fillRow();
        }
        // What comes next must not depend on what came before.
        positions = 0;
        padding = 0;
    }

    private void fillRow() throws IOException {
        int gap = rowLength;
        while (gap > OVERHEAD) {
            int room = gap - OVERHEAD;
            if (waiting.get(room)) {
                place(room);
                break;
            }
            int half = exactPair(room);
            if (half > 0) {
                place(half);
                place(room - OVERHEAD - half);
                break;
            }
            // Leave a gap that another piece, or part of one, can fill.
            int longest = waiting.previousSetBit(Math.max(0, room - OVERHEAD - SHORTEST_PIECE));
            if (longest < 1) {
                if (cut(room, SHORTEST_PIECE)) {
                    break;
                }
                longest = waiting.previousSetBit(room);
            }
            if (longest >= 1) {
                place(longest);
                gap -= longest + OVERHEAD;
            } else {
                if (padding + gap > WASTE_GOAL * (positions + rowLength)) {
                    cut(room, 1);
                }
                break;
            }
        }
        emit();
    }

    /** Returns the longer of two waiting lengths that fill the room together, or 0. */
    private int exactPair(int room) {
        int both = room - OVERHEAD;
        for (int longer = waiting.previousSetBit(Math.max(0, both - 1));
                longer * 2 >= both && longer > 0;
                longer = waiting.previousSetBit(longer - 1)) {
            int shorter = both - longer;
            if (shorter > 0
                    && waiting.get(shorter)
                    && (shorter != longer || pool.get(longer).size() > 1)) {
                return longer;
            }
        }
        return 0;
    }

    /** Fills the room with the head of the longest piece, if head and tail both keep the least length. */
    private boolean cut(int room, int least) {
        int longest = waiting.length() - 1;
        if (room < least || longest < room + least) {
            return false;
        }
        int[] piece = take(longest);
        row.add(Arrays.copyOf(piece, room));
        offer(Arrays.copyOfRange(piece, room, longest));
        return true;
    }

    private void place(int length) {
        row.add(take(length));
    }

    private int[] take(int length) {
        Deque<int[]> pieces = pool.get(length);
        int[] piece = pieces.remove();
        if (pieces.isEmpty()) {
            waiting.clear(length);
        }
        poolTokens -= length;
        return piece;
    }

    private void offer(int[] piece) {
        pool.get(piece.length).add(piece);
        waiting.set(piece.length);
        poolTokens += piece.length;
    }

    private void emit() throws IOException {
        int[] tokens = new int[rowLength];
        int[] lengths = new int[row.size()];
        int at = 0;
        for (int i = 0; i < lengths.length; i++) {
            int[] piece = row.get(i);
            tokens[at] = special.classify();
            System.arraycopy(piece, 0, tokens, at + 1, piece.length);
            lengths[i] = piece.length + OVERHEAD;
            at += lengths[i];
            tokens[at - 1] = special.separator();
        }
        Arrays.fill(tokens, at, rowLength, special.padding());
        positions += rowLength;
        padding += rowLength - at;
        row.clear();
        sink.add(new Row(tokens, lengths, lengths));
    }

    private static int[] concatenate(List<int[]> lines) {
        if (lines.size() == 1) {
            return lines.get(0);
        }
        int[] all = new int[lines.stream().mapToInt(line -> line.length).sum()];
        int at = 0;
        for (int[] line : lines) {
            System.arraycopy(line, 0, all, at, line.length);
            at += line.length;
        }
        return all;
    }
}
