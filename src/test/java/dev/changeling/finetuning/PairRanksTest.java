package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairRanksTest {
    private static final int WIDTH = 37;

    /** Returns the ranks as their definition has them: each cosine by itself. */
    private static int[] plainly(List<VectorPair> pairs) {
        int[] ranks = new int[pairs.size()];
        for (int i = 0; i < ranks.length; i++) {
            ranks[i] = 1;
            for (int other = 0; other < ranks.length; other++) {
                double cosine =
                        VectorPair.cosine(pairs.get(i).first(), pairs.get(other).second());
                ranks[i] += other != i && cosine >= pairs.get(i).cosine() ? 1 : 0;
            }
        }
        return ranks;
    }

    private static float[] vector(long seed, int i, double near) {
        RandomStream random = RandomStream.of(seed, Purpose.SWAPS, i);
        float[] vector = new float[WIDTH];
        for (int dimension = 0; dimension < WIDTH; dimension++) {
            vector[dimension] = (float) (near * (dimension % 3) + random.nextDouble() - 0.5);
        }
        return vector;
    }

    private static float[] scaled(float[] vector, float by) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= by;
        }
        return scaled;
    }

    /** Returns pairs of which many second texts are the same, point the same way, or are of almost no length. */
    private static List<VectorPair> pairs(int count, long seed) {
        List<VectorPair> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double near = i % 2 == 0 ? 0 : 1000; // of the odd ones, all cosines are nearly 1
            float[] second = vector(seed, count + i % 17, near);
            float scale = List.of(1f, 0.5f, 1f, 1f, 3f, 1e-9f, 1f, 0f).get(i % 8);
            pairs.add(new VectorPair(vector(seed, i, near), scaled(second, scale)));
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 150, 1024})
    void areTheSameAsOneByOneWhateverTheBlock(int block) {
        for (long seed = 1; seed <= 3; seed++) {
            List<VectorPair> pairs = pairs(150, seed);
            int[] expected = plainly(pairs);
            assertThat(IntStream.of(expected).distinct().count()).isGreaterThan(20);
            assertThat(PairRanks.of(pairs, block)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void ofVectorsThatAreAllTheSameTheOwnIsTheLast() {
        float[] one = vector(1, 0, 0);
        List<VectorPair> same = Collections.nCopies(90, one).stream()
                .map(vector -> new VectorPair(vector.clone(), vector.clone()))
                .toList();
        assertThat(PairRanks.of(same, 32)).containsOnly(90).hasSize(90);
    }

    @Test
    void aVectorThatIsNoNumberIsComparedAsOneByOne() {
        List<VectorPair> pairs = new ArrayList<>(pairs(20, 4));
        float[] broken = vector(4, 0, 0);
        broken[3] = Float.NaN;
        pairs.set(2, new VectorPair(broken, vector(4, 1, 0)));
        pairs.set(9, new VectorPair(vector(4, 2, 0), broken));
        assertThat(PairRanks.of(pairs, 8)).isEqualTo(plainly(pairs));
    }
}
