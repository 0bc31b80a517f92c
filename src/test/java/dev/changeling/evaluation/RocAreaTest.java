package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RocAreaTest {
    private static final int MANY = 400_000;
    private static final int KEPT = 20_000;
    private static final int PLACES = 4096;
    private static final long SEED = 17;

    /** How a discriminator's logits lie. */
    private enum Logits {
        /** Spread out. */
        LEARNT {
            @Override
            float draw(double noise, int number, boolean replaced) {
                return (float) (-3 + 2 * noise + (replaced ? 1.5 : 0));
            }
        },
        /** Of one that has begun to learn: all within a hair of the logit of the replaced share. */
        STUCK {
            @Override
            float draw(double noise, int number, boolean replaced) {
                return (float) (-2.5 + 1e-4 * noise + (replaced ? 3e-5 : 0));
            }
        },
        /** Half of the tokens share one logit. */
        SHARED {
            @Override
            float draw(double noise, int number, boolean replaced) {
                return number % 2 == 0 ? -1.25f : (float) (-1.25 + noise + (replaced ? 0.5 : 0));
            }
        },
        /** Later text is read quite otherwise than the first. */
        DRIFTING {
            @Override
            float draw(double noise, int number, boolean replaced) {
                return (float) (-3 + 2.0 * number / MANY + noise + (replaced ? 1.5 : 0));
            }
        };

        abstract float draw(double noise, int number, boolean replaced);
    }

    private static RocArea fill(RocArea area, Logits logits) {
        RandomStream random = RandomStream.of(SEED, Purpose.ORDER);
        for (int i = 0; i < MANY; i++) {
            boolean replaced = random.nextInt(10) == 0;
            double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            area.add(logits.draw(noise, i, replaced), replaced);
        }
        return area;
    }

    @ParameterizedTest
    @EnumSource
    void isOffByLessThanAPlaceBeyondWhatIsKept(Logits logits) {
        double exact = fill(new RocArea(MANY, PLACES), logits).value();

        double counted = fill(new RocArea(KEPT, PLACES), logits).value();

        assertThat(exact).as("an area worth telling").isBetween(0.55, 0.97);
        // Of a drifting stream, the outermost places hold more than their share.
        double bound = logits == Logits.DRIFTING ? 5e-3 : 0.5 / PLACES;
        assertThat(counted).isNotEqualTo(exact).isCloseTo(exact, within(bound));
        assertThat(fill(new RocArea(KEPT, PLACES), logits).value()).isEqualTo(counted);
    }

    @Test
    void isExactUpToWhatIsKept() {
        RocArea all = new RocArea(7, 2);
        RocArea kept = new RocArea(6, 2);
        float[] scores = {3, -1, 2, 2, 5, 0};
        for (int i = 0; i < scores.length; i++) {
            all.add(scores[i], i % 2 == 1);
            kept.add(scores[i], i % 2 == 1);
        }
        assertThat(kept.value()).isEqualTo(all.value()).isCloseTo(0.5 / 9, within(1e-12));
    }

    @Test
    void keepsTheOrderOfScoresThatAreShared() {
        // Two scores only: places between quantiles must not mix them.
        RocArea area = new RocArea(100, 8);
        for (int i = 0; i < 5000; i++) {
            area.add(i % 10 == 0 ? 1 : -1, i % 10 == 0);
        }
        assertThat(area.value()).isEqualTo(1);
    }

    @Test
    void takesNoMoreMemoryForMoreScores() {
        RocArea area = new RocArea(KEPT, PLACES);
        fill(area, Logits.LEARNT);
        int size = area.size();
        assertThat(size).isLessThan(KEPT);

        fill(area, Logits.LEARNT);

        assertThat(area.size()).isEqualTo(size);
    }

    @Test
    void isOneHalfWithoutBothClasses() {
        RocArea area = new RocArea(10, 4);
        assertThat(area.value()).isEqualTo(0.5);
        for (int i = 0; i < 50; i++) {
            area.add(i, false);
        }
        assertThat(area.value()).isEqualTo(0.5);
    }
}
