package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqueezedEncoderTest {
    @TempDir
    private Path folder;

    private Health health(LongFunction<Map<String, Double>> numbers) {
        return Health.of(RunHistory.read(TestRuns.of(folder, 2_000, numbers)));
    }

    private static String numbers(Health health) {
        return health.checks().stream()
                .filter(check -> check.condition() == Condition.ENCODER_SQUEEZED)
                .findFirst()
                .orElseThrow()
                .numbers();
    }

    @Test
    void seesAnEncoderWhoseStatesLieInFewDirections() {
        Map<String, Double> few = Map.of("heldout_state_effective_rank", 2.4, "heldout_state_mean_cosine", .869);
        Health squeezed = health(step -> TestRuns.but(step, few));
        assertThat(squeezed.condition()).isEqualTo(Condition.ENCODER_SQUEEZED);
        assertThat(squeezed.reason())
                .isEqualTo("held-out states use 2.40 of 128 directions, mean cosine of two of them 0.869");
        Health wide = health(step -> TestRuns.but(step, Map.of("heldout_state_effective_rank", 8.1)));
        assertThat(wide.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(numbers(wide)).startsWith("held-out states use 8.10 of 128");
    }

    @Test
    void aNarrowEncoderNeedsFewerDirections() throws IOException {
        TestRuns.of(folder, 2_000, step -> TestRuns.but(step, Map.of("heldout_state_effective_rank", 2.1)));
        Path config = folder.resolve("config.yaml");
        String narrow = Files.readString(config).replaceFirst("hidden_size: 128", "hidden_size: 32");
        Files.writeString(config, narrow);
        Health health = Health.of(RunHistory.read(folder));
        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(numbers(health)).contains("2.10 of 32 directions");
    }
}
