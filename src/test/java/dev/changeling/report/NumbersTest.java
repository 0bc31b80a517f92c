package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "3.14159265, 3.1416",
        "-0.000123456, -0.00012346",
        "99999.6, 100000",
        "653029376, 653030000",
        "1e-12, 1e-12",
        "0.1, 0.1",
        "4.9e-324, 4.9e-324",
        "1.7976931348623157e308, 1.7977e308"
    })
    void roundsToFiveDigits(double value, double expected) {
        assertThat(Numbers.rounded(value, 5)).isEqualTo(expected);
    }

    @Test
    void givesTheDoubleNextToTheDecimal() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(80) - 40);

            assertThat(Numbers.rounded(value, 5))
                    .as("seed %d, %s", seed, value)
                    .isEqualTo(new BigDecimal(value)
                            .round(new MathContext(5, RoundingMode.HALF_EVEN))
                            .doubleValue());
        }
    }
}
