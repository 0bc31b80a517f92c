package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthTest {
    @TempDir
    private Path folder;

    private Health health(int steps, LongFunction<Map<String, Double>> numbers) {
        return Health.of(RunHistory.read(TestRuns.of(folder, steps, numbers)));
    }

    private static String numbers(Health health, Condition condition) {
        return health.checks().stream()
                .filter(check -> check.condition() == condition)
                .findFirst()
                .orElseThrow()
                .numbers();
    }

    @Test
    void callsARunHealthyInWhichAllGoesWell() {
        Health health = health(2_000, TestRuns::well);

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(health.reason())
                .isEqualTo("RTD loss 27 % below always “original”, AUC 0.819, MLM loss 3.71 (steps 1,800–2,000)");
        assertThat(health.checks())
                .extracting(Check::condition)
                .containsExactly(
                        Condition.HEALTHY,
                        Condition.DIVERGED,
                        Condition.GENERATOR_COLLAPSED,
                        Condition.GENERATOR_TOO_STRONG,
                        Condition.DISCRIMINATOR_STUCK);
        assertThat(health.checks()).filteredOn(Check::found).hasSize(1);
    }

    @Test
    void aSumThatGoesUpByItsMakingIsNoDivergence() {
        Health health = health(2_000, step -> {
            Map<String, Double> numbers = new java.util.HashMap<>(TestRuns.but(step, Map.of("rtd_weight", 50.0)));
            numbers.put("loss", step <= 1_000 ? 4.0 : 24.0);
            if (step <= 1_000) {
                numbers.remove("rtd_loss");
                numbers.remove("rtd_weight");
            }
            return numbers;
        });
        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        Health adversarial = health(
                2_000, step -> TestRuns.but(step, Map.of("loss", 4.0 + step / 50.0, "adversarial_loss", step / 50.0)));
        assertThat(adversarial.condition()).isEqualTo(Condition.HEALTHY);
        Health growing = health(
                2_000, step -> TestRuns.but(step, Map.of("loss", 4.0 + step / 50.0, "rtd_weight", step / 100.0)));
        assertThat(growing.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void seesAGeneratorThatHasLearntFrequenciesOnly() {
        Health idle = health(
                2_000,
                step -> TestRuns.but(step, Map.of("heldout_mlm_loss", 6.6, "heldout_unigram_cross_entropy", 6.65)));
        assertThat(idle.condition()).isEqualTo(Condition.GENERATOR_IDLE);
        assertThat(idle.reason()).contains("held-out MLM loss 6.60, 0.8 % below the 6.65 of");
        Health awake = health(
                2_000,
                step -> TestRuns.but(step, Map.of("heldout_mlm_loss", 6.4, "heldout_unigram_cross_entropy", 6.65)));
        assertThat(awake.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void isSilentDuringTheWarmup() {
        Health health = health(100, step -> TestRuns.but(step, Map.of("rtd_loss", .562, "rtd_auc", .5)));

        assertThat(health.condition()).isEqualTo(Condition.TOO_EARLY);
        assertThat(health.reason()).startsWith("step 100, with a warm-up of 100 steps");
    }

    @Test
    void isSilentUntilThereAreEnoughNumbers() {
        assertThat(health(80, TestRuns::well).reason()).startsWith("step 80: too few numbers");
    }

    @Test
    void speaksOnceTheLastWindowIsAfterTheWarmup() {
        assertThat(health(120, TestRuns::well).condition()).isEqualTo(Condition.TOO_EARLY);
        assertThat(health(160, TestRuns::well).condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void waitsForTwiceTheWarmupWhileTheRunGoesOn() {
        TestRuns.empty(folder, 10_000);
        Path metrics = folder.resolve("metrics.jsonl");
        for (int step = 5; step < 200; step += 5) {
            TestRuns.add(metrics, TestRuns.line(step, TestRuns.well(step)));
        }
        Health early = Health.of(RunHistory.read(folder));
        assertThat(early.condition()).isEqualTo(Condition.TOO_EARLY);
        assertThat(early.reason()).isEqualTo("step 195, with a warm-up of 100 steps; a verdict comes from step 200 on");

        TestRuns.add(metrics, TestRuns.line(200, TestRuns.well(200)));
        assertThat(Health.of(RunHistory.read(folder)).condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void findsADiscriminatorThatIsStuckFromTheStart() {
        Health health = health(
                1_000, step -> TestRuns.but(step, Map.of("rtd_loss", .56, "rtd_majority_loss", .562, "rtd_auc", .52)));

        assertThat(health.condition()).isEqualTo(Condition.DISCRIMINATOR_STUCK);
        assertThat(health.reason())
                .contains("RTD loss 0.560, 0.4 % below the 0.562 of always “original”, AUC 0.520", "from the start");
    }

    @Test
    void tellsSinceWhenADiscriminatorIsStuck() {
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step,
                        Map.of(
                                "rtd_loss",
                                step <= 500 ? .45 : .56,
                                "rtd_majority_loss",
                                .562,
                                "rtd_auc",
                                step <= 500 ? .7 : .52,
                                "mlm_accuracy",
                                .2)));

        assertThat(health.condition()).isEqualTo(Condition.DISCRIMINATOR_STUCK);
        assertThat(health.reason()).contains("so since step 500");
    }

    @Test
    void takesADiscriminatorForStuckOnlyAtTheLine() {
        // 2.8 % below: [CLS] and [SEP] alone bring that. 3.2 % below: it has learnt something.
        Map<String, Double> near = Map.of("rtd_loss", .972 * .56, "rtd_majority_loss", .56, "rtd_auc", .6);
        assertThat(health(1_000, step -> TestRuns.but(step, near)).condition())
                .isEqualTo(Condition.DISCRIMINATOR_STUCK);
        Map<String, Double> below = Map.of("rtd_loss", .968 * .56, "rtd_majority_loss", .56, "rtd_auc", .6);
        assertThat(Health.of(RunHistory.read(
                                TestRuns.of(folder.resolve("below"), 1_000, step -> TestRuns.but(step, below))))
                        .condition())
                .isEqualTo(Condition.HEALTHY);
        Map<String, Double> ranking = Map.of("rtd_loss", .56, "rtd_majority_loss", .56, "rtd_auc", .7);
        assertThat(Health.of(RunHistory.read(
                                TestRuns.of(folder.resolve("ranking"), 1_000, step -> TestRuns.but(step, ranking))))
                        .condition())
                .isEqualTo(Condition.HEALTHY);
    }

    @Test
    void asksTheHeldOutScoresToo() {
        LongFunction<Map<String, Double>> stuck =
                step -> TestRuns.but(step, Map.of("rtd_loss", .56, "rtd_majority_loss", .562, "rtd_auc", .52));
        TestRuns.of(folder, 1_000, stuck);
        Path metrics = folder.resolve("metrics.jsonl");
        TestRuns.add(
                metrics,
                TestRuns.line(
                        1_000,
                        Map.of("heldout_rtd_loss", .45, "heldout_rtd_majority_loss", .56, "heldout_rtd_auc", .75)));

        Health health = Health.of(RunHistory.read(folder));

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(numbers(health, Condition.DISCRIMINATOR_STUCK))
                .contains(
                        "held-out RTD loss 0.450, 20 % below the 0.560 of always “original”, AUC 0.750 at step 1,000");
    }

    @Test
    void leavesHeldOutScoresAsideThatCanNotBeCompared() {
        TestRuns.of(folder, 1_000, TestRuns::well);
        TestRuns.add(folder.resolve("metrics.jsonl"), TestRuns.line(1_000, Map.of("heldout_rtd_loss", .45)));

        assertThat(numbers(Health.of(RunHistory.read(folder)), Condition.DISCRIMINATOR_STUCK))
                .doesNotContain("held-out", "NaN", "not finite");
    }

    @Test
    void findsAGeneratorThatLeavesFewReplacements() {
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step, Map.of("sampled_accuracy", .85, "mlm_accuracy", .88, "replaced_fraction", .022)));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_TOO_STRONG);
        assertThat(health.reason())
                .contains("85 % of the generator's samples are right", "2.2 % of the tokens are replaced");
    }

    @Test
    void takesAStrongGeneratorThatIsSeenThroughForHealthy() {
        // As late in the training of ELECTRA-Base.
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step,
                        Map.of(
                                "sampled_accuracy", .6,
                                "mlm_accuracy", .65,
                                "generator_entropy", 1.7,
                                "replaced_fraction", .06,
                                "rtd_majority_loss", .227,
                                "rtd_loss", .125,
                                "rtd_auc", .93)));

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void findsThatAStrongGeneratorIsWhyTheDiscriminatorIsAtChance() {
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step,
                        Map.of(
                                "sampled_accuracy", .55,
                                "mlm_accuracy", .65,
                                "rtd_majority_loss", .24,
                                "rtd_loss", .239,
                                "rtd_auc", .53)));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_TOO_STRONG);
        assertThat(health.checks())
                .filteredOn(Check::found)
                .extracting(Check::condition)
                .containsExactly(Condition.GENERATOR_TOO_STRONG, Condition.DISCRIMINATOR_STUCK);
    }

    @Test
    void findsADiscriminatorThatLosesSightAsTheGeneratorImproves() {
        LongFunction<Map<String, Double>> losing = step -> TestRuns.but(
                step,
                Map.of(
                        "rtd_auc",
                        .85 - .1 * step / 1_000,
                        "rtd_loss",
                        .36 + .1 * step / 1_000,
                        "rtd_majority_loss",
                        .55,
                        "mlm_accuracy",
                        .3 + .2 * step / 1_000));
        Health health = health(1_000, losing);

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_TOO_STRONG);
        assertThat(health.reason()).contains("AUC 0.755", "0.835", "from 33 % to 49 %");

        // As an adversarial generator that has come no further than the frequencies.
        Health idle = health(1_000, step -> {
            Map<String, Double> numbers = new java.util.HashMap<>(losing.apply(step));
            numbers.putAll(Map.of("heldout_mlm_loss", 6.8, "heldout_unigram_cross_entropy", 6.65));
            return numbers;
        });
        assertThat(idle.condition()).isEqualTo(Condition.GENERATOR_IDLE);
    }

    @Test
    void doesNotBlameTheGeneratorForALossThatItHasNoPartIn() {
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step,
                        Map.of(
                                "rtd_auc",
                                .85 - .1 * step / 1_000,
                                "rtd_loss",
                                .36 + .1 * step / 1_000,
                                "rtd_majority_loss",
                                .55,
                                "mlm_accuracy",
                                .3)));

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void findsACollapsedGeneratorByItsEntropy() {
        Health health = health(1_000, step -> TestRuns.but(step, Map.of("generator_entropy", .2, "mlm_accuracy", .1)));

        assertThat(health.condition()).isEqualTo(Condition.GENERATOR_COLLAPSED);
        assertThat(health.reason()).contains("entropy 0.200 nats beside a loss of", "accuracy 10 %");
    }

    @Test
    void takesASureGeneratorThatIsRightForHealthy() {
        Health health = health(
                1_000,
                step -> TestRuns.but(
                        step, Map.of("generator_entropy", .4, "mlm_loss", .45, "loss", 2.0, "mlm_accuracy", .75)));

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void findsALossThatIsNotFiniteEvenDuringTheWarmup() {
        Health health = health(50, step -> TestRuns.but(step, Map.of("mlm_loss", step >= 30 ? Double.NaN : 9.0)));

        assertThat(health.condition()).isEqualTo(Condition.DIVERGED);
        assertThat(health.reason()).isEqualTo("the MLM loss is not finite from step 30 on, 3 times");
    }

    @Test
    void findsALossThatIsBackWhereItCameFrom() {
        Health health =
                health(1_000, step -> TestRuns.but(step, Map.of("loss", step < 700 ? 12 - 6 * step / 700.0 : 9.0)));

        assertThat(health.condition()).isEqualTo(Condition.DIVERGED);
        assertThat(health.reason()).contains("the loss of both is 9.00 (at its lowest 6.", "at the start 11.9)");
    }

    @Test
    void findsALossAboveItsStart() {
        Health health = health(1_000, step -> TestRuns.but(step, Map.of("mlm_loss", 9 + step / 500.0)));

        assertThat(health.condition()).isEqualTo(Condition.DIVERGED);
    }

    @Test
    void forgivesASpikeThatIsOver() {
        Health health = health(
                2_000,
                step -> step >= 1_000 && step < 1_100
                        ? TestRuns.but(step, Map.of("loss", 11.0, "mlm_loss", 8.0))
                        : TestRuns.well(step));

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void copesWithRunsThatLackMostNumbers() {
        assertThat(health(1_000, step -> Map.of("mlm_loss", 4.0)).condition()).isEqualTo(Condition.NOTHING_MEASURED);
        assertThat(Health.of(RunHistory.read(
                                TestRuns.of(folder.resolve("other"), 1_000, step -> Map.of("something", 1.0))))
                        .condition())
                .isEqualTo(Condition.TOO_EARLY);
    }
}
