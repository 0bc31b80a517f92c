package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollapsedGeneratorTest {
    @TempDir
    private Path folder;

    @Test
    void findsACollapsedGeneratorByItsSamples() {
        List<String> originals =
                IntStream.range(0, 60).mapToObj(i -> "word" + i).toList();
        TestRuns.of(folder, 1_000, TestRuns::well);
        TestRuns.add(
                folder.resolve("samples.jsonl"), TestRuns.sample(1_000, Collections.nCopies(60, "the"), originals));

        Health health = Health.of(RunHistory.read(folder));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_COLLAPSED);
        assertThat(health.reason()).contains("all 30 samples are one token");
        TestRuns.add(folder.resolve("samples.jsonl"), TestRuns.sample(1_010, originals, originals));
        assertThat(Health.of(RunHistory.read(folder)).condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void findsACollapsedGeneratorAmongReplacementsFromFrequencies() {
        // tiny has half of its replacements from token frequencies: of 30, 9 of the generator's 15 are one token.
        List<String> originals =
                IntStream.range(0, 60).mapToObj(i -> "word" + i).toList();
        List<String> written = new ArrayList<>(originals);
        for (int i = 1; i < 18; i += 2) {
            written.set(i, "the");
        }
        TestRuns.of(folder, 1_000, TestRuns::well);
        TestRuns.add(folder.resolve("samples.jsonl"), TestRuns.sample(1_000, written, originals));

        Health health = Health.of(RunHistory.read(folder));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_COLLAPSED);
        assertThat(health.reason()).contains("22 different tokens among 30 samples, the most frequent 9 times");
    }

    @Test
    void anAdversaryThatForgetsTheTextHasCollapsedAndNotDiverged() {
        LongFunction<Map<String, Double>> numbers = step -> TestRuns.but(
                step,
                Map.of(
                        "mlm_loss", 4 + step / 200.0,
                        "adversarial_loss", .1,
                        "generator_entropy", 1.9,
                        "mlm_accuracy", .05));
        Health health = Health.of(RunHistory.read(TestRuns.of(folder, 1_000, numbers, "adversarial")));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_COLLAPSED);
        assertThat(health.reason()).contains("entropy 1.90 nats beside a loss of 8.");
        assertThat(health.checks()).filteredOn(Check::found).hasSize(1);
    }
}
