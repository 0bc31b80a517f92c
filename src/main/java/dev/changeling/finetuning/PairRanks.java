package dev.changeling.finetuning;

import dev.changeling.tensor.HostCopy;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * The ranks at which first texts find their own second texts among all second ones, by {@link VectorPair#cosine}.
 *
 * <p>Cosines are compared a block of pairs at a time, by products of matrices in 64-bit floats, on the CPU everywhere.
 * A product adds up in an order of its own, so two cosines that it finds nearer to each other than it may be off are
 * compared as {@link VectorPair#cosine} has them: what is equal there counts as equal.
 */
final class PairRanks {
    /** Far more than the product and the plain form of any width differ by, far less than cosines usually do. */
    private static final double DOUBT = 1e-9;

    private final List<VectorPair> pairs;
    private final double[] own_N;
    private final int[] ranks_N;

    private PairRanks(List<VectorPair> pairs) {
        this.pairs = pairs;
        own_N = pairs.stream().mapToDouble(VectorPair::cosine).toArray();
        ranks_N = new int[own_N.length];
        // Of equals, the own counts as the last: vectors that are all the same find nothing.
        Arrays.fill(ranks_N, 1);
    }

    /**
     * Returns the rank of each pair, from 1.
     *
     * @param block pairs whose vectors are multiplied at once; bounds the memory, which grows with its square
     */
    static int[] of(List<VectorPair> pairs, int block) {
        PairRanks ranks = new PairRanks(pairs);
        for (int from = 0; from < pairs.size(); from += block) {
            ranks.rank(from, Math.min(pairs.size(), from + block), block);
        }
        return ranks.ranks_N;
    }

    private void rank(int from, int to, int block) {
        try (PointerScope ofFirsts = new PointerScope()) {
            Tensor firsts_RH = units(from, to, VectorPair::first);
            Tensor own_R1 = own(from, to);
            for (int other = 0; other < pairs.size(); other += block) {
                try (PointerScope ofSeconds = new PointerScope()) {
                    Tensor seconds_CH = units(other, Math.min(pairs.size(), other + block), VectorPair::second);
                    compare(firsts_RH.matmul(seconds_CH.t()).sub_(own_R1), from, other);
                }
            }
        }
    }

    /** Counts the cosines that are above the own, or as high. */
    private void compare(Tensor margins_RC, int from, int other) {
        int[] above_R = HostCopy.toInts(margins_RC.gt(new Scalar(DOUBT)).sum(1));
        for (int row = 0; row < above_R.length; row++) {
            ranks_N[from + row] += above_R[row];
        }
        int[] doubtful = HostCopy.toInts(margins_RC.abs_().le(new Scalar(DOUBT)).nonzero());
        for (int i = 0; i < doubtful.length; i += 2) {
            int row = from + doubtful[i];
            int column = other + doubtful[i + 1];
            if (row != column && isAsHigh(row, column)) {
                ranks_N[row]++;
            }
        }
    }

    private boolean isAsHigh(int row, int column) {
        float[] second = pairs.get(column).second();
        return Arrays.equals(second, pairs.get(row).second())
                || VectorPair.cosine(pairs.get(row).first(), second) >= own_N[row];
    }

    private Tensor units(int from, int to, Function<VectorPair, float[]> side) {
        int width = side.apply(pairs.get(from)).length;
        float[] values = new float[Math.multiplyExact(to - from, width)];
        for (int row = from; row < to; row++) {
            System.arraycopy(side.apply(pairs.get(row)), 0, values, (row - from) * width, width);
        }
        Tensor matrix = torch.empty(to - from, width);
        HostCopy.fromFloats(values, matrix);
        Tensor vectors_NH = matrix.to(torch.ScalarType.Double);
        Tensor lengths_N1 = vectors_NH.mul(vectors_NH).sum(1).sqrt_().unsqueeze(1);
        return vectors_NH.div_(lengths_N1.clamp_min_(new Scalar(Double.MIN_NORMAL)));
    }

    private Tensor own(int from, int to) {
        Tensor own_R1 = torch.empty(
                new long[] {to - from, 1}, new TensorOptions(torch.ScalarType.Double), new MemoryFormatOptional());
        own_R1.<DoubleBuffer>createBuffer().put(own_N, from, to - from);
        return own_R1;
    }
}
