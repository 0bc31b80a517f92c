package dev.changeling.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProbabilitiesTest {
    @Test
    void ofOneTheyAddUpToOne() {
        assertThat(Probabilities.ofOne(new float[] {0, (float) Math.log(3)}))
                .containsExactly(new float[] {0.25f, 0.75f}, within(1e-6f));
        assertThat(Probabilities.ofOne(new float[] {9, 1, 1, 9}, 1, 3)).containsExactly(0.5f, 0.5f);
    }

    @Test
    void ofEachTheyStandAlone() {
        assertThat(Probabilities.ofEach(new float[] {0, (float) Math.log(3), (float) -Math.log(3)}))
                .containsExactly(new float[] {0.5f, 0.75f, 0.25f}, within(1e-6f));
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        float huge = Float.MAX_VALUE;
        assertThat(Probabilities.ofOne(new float[] {huge, -huge, huge})).containsExactly(0.5f, 0, 0.5f);
        assertThat(Probabilities.ofOne(new float[] {-huge, -huge})).containsExactly(0.5f, 0.5f);
        assertThat(Probabilities.ofEach(new float[] {huge, -huge})).containsExactly(1, 0);
    }

    @Test
    void ofEqualsTheFirstIsTheHighest() {
        assertThat(Probabilities.highest(new float[] {1, 3, 3, 2})).isEqualTo(1);
        assertThat(Probabilities.highest(new float[] {-1})).isZero();
    }
}
