package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RepresentationTest {
    private static Representation of(int width, float... states) {
        return Representation.of(states, width);
    }

    @Test
    void statesThatAreTheSameHaveOneDirection() {
        Representation same = of(3, 1, 2, 3, 1, 2, 3, 1, 2, 3);
        assertThat(same.meanCosine()).isCloseTo(1, within(1e-6));
        assertThat(same.effectiveRank()).isEqualTo(1);
    }

    @Test
    void oneStateTellsNothing() {
        assertThat(of(3, 1, 2, 3)).isEqualTo(Representation.UNKNOWN);
        assertThat(of(0)).isEqualTo(Representation.UNKNOWN);
    }

    @Test
    void directionsThatAreUsedAlikeCountEach() {
        // Around their mean they go ±1 along two of three axes.
        Representation two = of(3, 1, 0, 5, -1, 0, 5, 0, 1, 5, 0, -1, 5);
        assertThat(two.effectiveRank()).isCloseTo(2, within(1e-5));
        // Pairs opposite: (25 − 1) / 26, four pairs at right angles: 25 / 26.
        assertThat(two.meanCosine()).isCloseTo((2 * 24 + 4 * 25) / 6.0 / 26, within(1e-6));
    }

    @Test
    void aDirectionThatIsUsedLittleCountsLittle() {
        // Variances of 9 and 1 parts: exp(−.9 ln .9 − .1 ln .1).
        Representation uneven = of(2, 3, 0, -3, 0, 0, 1, 0, -1);
        assertThat(uneven.effectiveRank()).isCloseTo(Math.exp(-.9 * Math.log(.9) - .1 * Math.log(.1)), within(1e-5));
        assertThat(uneven.meanCosine()).isCloseTo(-1 / 3.0, within(1e-6));
    }
}
