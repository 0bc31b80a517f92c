package dev.changeling.shard;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SpecialTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Builds one sequence a row, mostly of two segments: the example builder of google-research/electra
 * (build_pretraining_dataset.py). Lines are gathered until they reach a target length; a share of the examples is a
 * single segment, in the others the first segment takes about half; a share of the targets is drawn at random; what is
 * gathered at the end of a document becomes an example too. As there, what a gathered example has beyond the row is
 * dropped, and a short line may still go to the first segment after a long one went to the second.
 *
 * <p>There, the target length lives on from one document to the next. Here every document draws its first target anew,
 * from the same distribution, so that examples depend on the document and its number alone.
 */
final class GoogleSegments implements ExampleBuilder {
    private static final int SHORTEST_TARGET = 5;

    private final int rowLength;
    private final SegmentOptions options;
    private final SpecialTokens special;
    private final long seed;
    private final long split;
    private final RowSink sink;
    private final List<int[]> gathered = new ArrayList<>();

    /** @param split a number for the split, so that the two draw different numbers */
    GoogleSegments(int rowLength, SegmentOptions options, SpecialTokens special, long seed, long split, RowSink sink) {
        this.rowLength = rowLength;
        this.options = options;
        this.special = special;
        this.seed = seed;
        this.split = split;
        this.sink = sink;
    }

    @Override
    public void add(long document, List<int[]> lines) throws IOException {
        RandomStream random = RandomStream.of(seed, Purpose.SEGMENTS, split, document);
        int target = target(random);
        int length = 0;
        for (int[] line : lines) {
            gathered.add(line);
            length += line.length;
            if (length >= target) {
                emit(random, target);
                target = target(random);
                length = 0;
            }
        }
        if (length > 0) {
            emit(random, target);
        }
        gathered.clear();
    }

    @Override
    public void flush() {
        // Every document is flushed at its end.
    }

    private int target(RandomStream random) {
        return random.nextDouble() < options.shortFraction()
                ? SHORTEST_TARGET + random.nextInt(rowLength - SHORTEST_TARGET + 1)
                : rowLength;
    }

    private void emit(RandomStream random, int target) throws IOException {
        int firstTarget = random.nextDouble() < options.singleFraction() ? Integer.MAX_VALUE : (target - 3) / 2;
        List<int[]> first = new ArrayList<>();
        List<int[]> second = new ArrayList<>();
        int firstLength = 0;
        for (int[] line : gathered) {
            if (first.isEmpty()
                    || (long) firstLength + line.length < firstTarget
                    || (second.isEmpty() && firstLength < firstTarget && random.nextDouble() < 0.5)) {
                first.add(line);
                firstLength += line.length;
            } else {
                second.add(line);
            }
        }
        gathered.clear();

        int[] tokens = new int[rowLength];
        Arrays.fill(tokens, special.padding());
        tokens[0] = special.classify();
        int at = copy(first, tokens, 1, rowLength - 1);
        tokens[at++] = special.separator();
        int firstSegment = at;
        int end = copy(second, tokens, at, rowLength - 1);
        if (end > at) {
            at = end;
            tokens[at++] = special.separator();
        }
        sink.add(new Row(tokens, new int[] {at}, new int[] {firstSegment}));
    }

    /** Copies lines behind one another, up to a limit; returns where they end. */
    private static int copy(List<int[]> lines, int[] target, int from, int limit) {
        int at = from;
        for (int[] line : lines) {
            int count = Math.min(line.length, Math.max(0, limit - at));
            System.arraycopy(line, 0, target, at, count);
            at += count;
        }
        return at;
    }
}
