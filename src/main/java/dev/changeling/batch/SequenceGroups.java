package dev.changeling.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Puts sequences into groups, so that little of a batch is padding. */
public final class SequenceGroups {
    private SequenceGroups() {}

    /**
     * Returns the numbers of the sequences, in groups of neighbours in length, the shortest first.
     *
     * @param lengths of the sequences, in tokens
     * @param mostTokens of a group, padding included; a sequence that is longer is a group of its own
     */
    public static List<List<Integer>> byLength(int[] lengths, int mostTokens) {
        return byLength(lengths, mostTokens, Integer.MAX_VALUE);
    }

    /**
     * As {@link #byLength(int[], int)}, with an upper bound on the number of sequences, too.
     *
     * @param mostSequences of a group, at least 1
     */
    public static List<List<Integer>> byLength(int[] lengths, int mostTokens, int mostSequences) {
        List<Integer> order = IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> lengths[i]))
                .toList();
        List<List<Integer>> groups = new ArrayList<>();
        int from = 0;
        while (from < order.size()) {
            int to = from + 1;
            while (to < order.size()
                    && to - from < mostSequences
                    && (long) (to + 1 - from) * lengths[order.get(to)] <= mostTokens) {
                to++;
            }
            groups.add(order.subList(from, to));
            from = to;
        }
        return groups;
    }

    /**
     * Returns the numbers of the sequences, in groups of about as many tokens each: the longest first, each into the
     * group that has the fewest tokens yet.
     *
     * @param lengths of the sequences, in tokens, above 0
     * @param count of the groups, at most that of the sequences; none is empty
     */
    public static List<List<Integer>> even(int[] lengths, int count) {
        List<List<Integer>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            groups.add(new ArrayList<>());
        }
        int[] tokens = new int[count];
        IntStream.range(0, lengths.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -lengths[i]))
                .forEach(i -> {
                    int emptiest = 0;
                    for (int group = 1; group < count; group++) {
                        emptiest = tokens[group] < tokens[emptiest] ? group : emptiest;
                    }
                    groups.get(emptiest).add(i);
                    tokens[emptiest] += lengths[i];
                });
        return groups;
    }
}
