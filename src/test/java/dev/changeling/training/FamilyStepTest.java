package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.objective.Loss;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each member of the family does with its optimizers and stages over several steps. */
class FamilyStepTest {
    private static final int STEPS = FamilyRun.STEPS;

    private static FamilyRun run(String variant, String... overrides) {
        return FamilyRun.of(variant, overrides);
    }

    private static void assertMoved(FamilyRun run, int before, int after, String prefix, boolean moved) {
        List<String> names = run.weights().get(0).keySet().stream()
                .filter(name -> name.startsWith(prefix) && name.contains(".encoder.layer.") && name.endsWith("weight"))
                .toList();
        assertThat(names).isNotEmpty();
        for (String name : names) {
            boolean same = Arrays.equals(run.tensor(before, name), run.tensor(after, name));
            assertThat(!same).as("%s from step %d to %d", name, before, after).isEqualTo(moved);
        }
    }

    @Test
    void inTwoStagesTheDiscriminatorStartsAsTheGeneratorThatThenRests() {
        FamilyRun run = run("two-stage");
        assertMoved(run, 0, 5, "discriminator.", false);
        assertMoved(run, 0, 5, "generator.", true);
        assertMoved(run, 5, 10, "generator.", false);
        assertMoved(run, 5, 10, "discriminator.", true);
        // The first step of the second stage is small, and from the generator's weights.
        String layer = "electra.encoder.layer.0.output.dense.weight";
        float[] generator = run.tensor(5, "generator." + layer);
        float[] discriminator = run.tensor(6, "discriminator." + layer);
        float[] own = run.tensor(5, "discriminator." + layer);
        assertThat(distance(discriminator, generator)).isLessThan(distance(discriminator, own) / 10);
        assertThat(run.outcomes().get(4).losses()).containsOnlyKeys(Loss.MLM);
        assertThat(run.outcomes().get(5).losses()).containsOnlyKeys(Loss.MLM, Loss.RTD);
    }

    @Test
    void inTwoStagesEachNetworkHasAScheduleOfItsOwn() {
        List<Double> rates = run("two-stage", "schedule.warmup_steps=2").outcomes().stream()
                .map(StepOutcome::learningRate)
                .toList();
        assertThat(rates.get(0)).isZero();
        assertThat(rates.get(2)).isPositive();
        assertThat(rates.subList(5, 10)).isEqualTo(rates.subList(0, 5));
    }

    @Test
    void withoutHandOverTheDiscriminatorStartsAtItsOwnWeights() {
        FamilyRun run = run("two-stage-cold");
        String layer = "discriminator.electra.encoder.layer.0.output.dense.weight";
        assertThat(distance(run.tensor(6, layer), run.tensor(0, layer)))
                .isLessThan(distance(
                                run.tensor(6, layer),
                                run.tensor(5, "generator.electra.encoder.layer.0.output.dense.weight"))
                        / 10);
    }

    private static double distance(float[] left, float[] right) {
        double squares = 0;
        for (int i = 0; i < left.length; i++) {
            squares += (left[i] - right[i]) * (left[i] - right[i]);
        }
        return Math.sqrt(squares);
    }

    @Test
    void withOptimizersOfTheirOwnLambdaIsNothingToTheGenerator() {
        Map<String, float[]> light =
                run("decoupled", "objective.rtd_weight=1").weights().get(STEPS);
        Map<String, float[]> heavy =
                run("decoupled", "objective.rtd_weight=50").weights().get(STEPS);
        for (String name : light.keySet()) {
            if (name.startsWith("generator.")) {
                assertThat(heavy.get(name)).as(name).isEqualTo(light.get(name));
            }
        }
        // With one optimizer over both, the common clipping couples them.
        Map<String, float[]> coupled =
                run("no-sharing", "objective.rtd_weight=50").weights().get(STEPS);
        Map<String, float[]> lightly =
                run("no-sharing", "objective.rtd_weight=1").weights().get(STEPS);
        assertThat(coupled.get("generator.generator_predictions.dense.weight"))
                .isNotEqualTo(lightly.get("generator.generator_predictions.dense.weight"));
    }

    @Test
    void theGeneratorsRateFactorScalesItsStepAlone() {
        FamilyRun plain = run("no-sharing", "optimizer.clip_norm=0", "optimizer.weight_decay=0");
        FamilyRun slow = run(
                "no-sharing",
                "optimizer.clip_norm=0",
                "optimizer.weight_decay=0",
                "optimizer.generator_rate_factor=0.5");
        String generator = "generator.electra.encoder.layer.0.output.dense.weight";
        double whole = distance(plain.tensor(1, generator), plain.tensor(0, generator));
        double half = distance(slow.tensor(1, generator), slow.tensor(0, generator));
        assertThat(half / whole).isCloseTo(0.5, within(1e-3));
        String discriminator = "discriminator.electra.encoder.layer.0.output.dense.weight";
        assertThat(slow.tensor(1, discriminator)).isEqualTo(plain.tensor(1, discriminator));
    }

    @Test
    void disentangledTablesAreTheGeneratorsPlusWhatTheDiscriminatorAdds() {
        FamilyRun run = run("gdes");
        String words = "electra.embeddings.word_embeddings";
        assertThat(run.tensor(0, "discriminator." + words + ".difference")).containsOnly(0);
        assertThat(distance(
                        run.tensor(0, "discriminator." + words + ".difference"),
                        run.tensor(STEPS, "discriminator." + words + ".difference")))
                .isPositive();
        // The generator learns as if there were no discriminator, but for the common clipping.
        FamilyRun alone = run("gdes", "optimizer.clip_norm=0", "objective.rtd_weight=0");
        FamilyRun both = run("gdes", "optimizer.clip_norm=0");
        assertThat(both.tensor(STEPS, "generator." + words + ".weight"))
                .isEqualTo(alone.tensor(STEPS, "generator." + words + ".weight"));
    }

    @Test
    void theMixtureOfHeadsLearnsBesideThem() {
        FamilyRun run = run("amos");
        assertThat(run.outcomes())
                .allSatisfy(
                        outcome -> assertThat(outcome.losses()).containsOnlyKeys(Loss.MLM, Loss.INNER_MLM, Loss.RTD));
        for (String name : List.of(
                "generator_mixture.dense.weight",
                "generator_inner_0.generator_predictions.dense.weight",
                "generator.generator_predictions.dense.weight")) {
            assertThat(distance(run.tensor(0, name), run.tensor(STEPS, name))).isPositive();
        }
        assertThat(run("amos").tensor(STEPS, "generator_mixture.dense.weight"))
                .isEqualTo(run.tensor(STEPS, "generator_mixture.dense.weight"));
        // On one batch again and again, each head learns it.
        StepOutcome first = run.outcomes().get(0);
        StepOutcome last = run.outcomes().get(STEPS - 1);
        for (Loss loss : List.of(Loss.MLM, Loss.INNER_MLM)) {
            assertThat(last.losses().get(loss)).isLessThan(first.losses().get(loss));
        }
    }

    @Test
    void lambdaIsBalancedOnTheSharedTables() {
        FamilyRun run = run("balanced", "objective.rtd_balance=2.5");
        int measured = 0;
        for (StepOutcome outcome : run.outcomes()) {
            if (outcome.dynamics() != null && outcome.dynamics().tugOfWar() != null) {
                // Tables only here; their LayerNorm is shared, too, so the ratio is not exact.
                double ratio = outcome.dynamics().tugOfWar().discriminatorNorm()
                        / outcome.dynamics().tugOfWar().generatorNorm();
                assertThat(ratio).isBetween(1.5, 4.0);
                measured++;
            }
        }
        assertThat(measured).isPositive();
        FamilyRun strong = run("balanced", "objective.rtd_balance=5");
        assertThat((strong.outcomes().get(0).loss() - strong.outcomes().get(0).mlmLoss())
                        / (run.outcomes().get(0).loss() - run.outcomes().get(0).mlmLoss()))
                .isCloseTo(2, within(1e-4));
    }
}
