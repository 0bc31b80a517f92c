package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdict on runs that lack a network, or the numbers of one. */
class LoneHealthTest {
    @TempDir
    private Path folder;

    private Health health(LongFunction<Map<String, Double>> numbers, String... variants) {
        return Health.of(RunHistory.read(TestRuns.of(folder, 1_000, numbers, variants)));
    }

    /** Returns numbers as an older version wrote them of a masked language model, samples of nobody among them. */
    private static Map<String, Double> alone(long step) {
        double loss = 3.3 + 5 * Math.exp(-step / 300.0);
        return Map.of("loss", loss, "correction_loss", loss, "sampled_accuracy", .009, "grad_norm.generator", 0.0);
    }

    private static Map<String, Double> detecting(long step, Map<String, Double> others) {
        Map<String, Double> numbers = new HashMap<>(TestRuns.but(step, others));
        List.of("mlm_loss", "mlm_accuracy", "generator_entropy").forEach(numbers::remove);
        return numbers;
    }

    @Test
    void theEncoderOfALoneNetworkCanBeSqueezedToo() {
        Map<String, Double> few = Map.of("heldout_state_effective_rank", 1.5);
        Health health = health(
                step -> {
                    Map<String, Double> numbers = new HashMap<>(alone(step));
                    numbers.putAll(few);
                    return numbers;
                },
                "bert");
        assertThat(health.condition()).isEqualTo(Condition.ENCODER_SQUEEZED);
        assertThat(health.reason()).isEqualTo("held-out states use 1.50 of 128 directions");
    }

    @Test
    void aMaskedLanguageModelHasNoGame() {
        TestRuns.of(folder, 1_000, LoneHealthTest::alone, "bert");
        Map<String, Double> heldOut =
                Map.of("heldout_loss", 3.5, "heldout_correction_loss", 3.5, "heldout_unigram_cross_entropy", 7.0);
        TestRuns.add(folder.resolve("metrics.jsonl"), TestRuns.line(1_000, heldOut));
        List<String> tokens = IntStream.range(0, 80).mapToObj(i -> "t" + i % 40).toList();
        TestRuns.add(folder.resolve("samples.jsonl"), TestRuns.sample(1_000, tokens, tokens));
        RunHistory run = RunHistory.read(folder);

        Health health = Health.of(run);

        assertThat(health.condition()).isEqualTo(Condition.NO_GAME);
        assertThat(health.condition().words()).isEqualTo("no game: one network learns");
        assertThat(health.reason())
                .isEqualTo(
                        "correction loss 3.51 (steps 900–1,000); held-out correction loss 3.50, 50 % below the 7.00 of"
                                + " the training text's token frequencies");
        assertThat(health.checks()).extracting(Check::condition).containsExactly(Condition.NO_GAME, Condition.DIVERGED);
        assertThat(health.checks().get(1).numbers()).startsWith("the loss is 3.51 (at its lowest");
        assertThat(run.samples()).isEmpty();
        assertThat(run.series()).doesNotContainKeys("sampled_accuracy", "grad_norm.generator");
        assertThat(FinalScores.of(run).values()).doesNotContainKey("sampled_accuracy");
        assertThat(ReportData.of(List.of(run), false).runs().get(0).networks()).containsExactly("discriminator");
    }

    @Test
    void aMaskedLanguageModelCanDiverge() {
        Health health = health(step -> Map.of("loss", 9 + step / 100.0, "correction_loss", 9 + step / 100.0), "bert");
        assertThat(health.condition()).isEqualTo(Condition.DIVERGED);
        Path early = TestRuns.of(
                folder.resolve("early"), 50, step -> Map.of("loss", 9.0, "correction_loss", Double.NaN), "bert");
        assertThat(Health.of(RunHistory.read(early)).reason()).startsWith("the correction loss is not finite");
    }

    @Test
    void aMaskedLanguageModelThatHasJustBegunHasNoGameEither() {
        Path early = TestRuns.of(folder, 20, LoneHealthTest::alone, "bert");
        Health health = Health.of(RunHistory.read(early));
        assertThat(health.condition()).isEqualTo(Condition.NO_GAME);
        assertThat(health.reason()).isEqualTo("step 20: too few numbers were written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"uniform", "unigram"})
    void frequenciesAreNoGenerator(String variant) {
        List<String> same = Collections.nCopies(60, "the");
        TestRuns.of(folder, 1_000, step -> detecting(step, Map.of("sampled_accuracy", .9)), variant);
        TestRuns.add(folder.resolve("samples.jsonl"), TestRuns.sample(1_000, same, same));
        RunHistory run = RunHistory.read(folder);

        Health health = Health.of(run);

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(health.checks())
                .extracting(Check::condition)
                .containsExactly(Condition.HEALTHY, Condition.DIVERGED, Condition.DISCRIMINATOR_STUCK);
        assertThat(run.samples()).hasSize(1);
        assertThat(run.series()).doesNotContainKey("sampled_accuracy");
    }

    @Test
    void anAreaThatRareWordsMakeFreesNobody() {
        Map<String, Double> ranking = Map.of("rtd_loss", .42, "rtd_majority_loss", .42, "rtd_auc", .748);
        Health health = health(step -> detecting(step, ranking), "uniform");

        assertThat(health.condition()).isEqualTo(Condition.DISCRIMINATOR_STUCK);
        assertThat(health.reason())
                .startsWith("RTD loss 0.420, as much as the 0.420 of always “original”, AUC 0.748 (steps");
        Path unigram = TestRuns.of(folder.resolve("unigram"), 1_000, step -> detecting(step, ranking), "unigram");
        assertThat(Health.of(RunHistory.read(unigram)).condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void aNetworkThatCorrectsIsNotAskedWhatItDoesNotLearn() {
        Map<String, Double> others = Map.of("rtd_loss", .9, "rtd_auc", .5, "correction_loss", .4);
        Health health = health(step -> TestRuns.but(step, others), "all-tokens-mlm");

        assertThat(health.checks())
                .extracting(Check::condition)
                .containsExactly(Condition.HEALTHY, Condition.DIVERGED, Condition.GENERATOR_COLLAPSED);
    }

    @Test
    void aLastWindowWithoutNumbersIsNotHealthy() {
        TestRuns.of(folder, 1_000_000 / 1_000, TestRuns::well);
        TestRuns.add(folder.resolve("metrics.jsonl"), TestRuns.line(999_999, Map.of("rss_bytes", 1.0)));

        Health health = Health.of(RunHistory.read(folder));

        assertThat(health.condition()).isEqualTo(Condition.NOTHING_MEASURED);
        assertThat(health.condition().words()).isEqualTo("nothing to judge yet");
        assertThat(health.reason())
                .isEqualTo("nothing was measured by which a network can be judged (steps 899,999–999,999)");
    }

    @Test
    void atMaskedPositionsTheMajorityIsReplaced() {
        Map<String, Double> masked =
                Map.of("rtd_loss", .2, "rtd_majority_loss", .325, "rtd_auc", .8, "replaced_fraction", .9);
        Health health = health(step -> TestRuns.but(step, masked), "electra-15");

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(health.reason()).startsWith("RTD loss 38 % below always the majority, AUC");
        assertThat(health.checks().get(3).numbers()).contains("90 % of the masked tokens are replaced");
        assertThat(health.checks().get(4).numbers()).contains("below the 0.325 of always the majority");
    }

    @Test
    void aLineNearZeroHasDistancesInNats() {
        TestRuns.of(folder, 1_000, step -> TestRuns.but(step, Map.of("rtd_loss", .1)), "electra-15");
        Map<String, Double> heldOut =
                Map.of("heldout_rtd_loss", .0004, "heldout_rtd_majority_loss", 0.0, "heldout_rtd_auc", .5);
        TestRuns.add(folder.resolve("metrics.jsonl"), TestRuns.line(1_000, heldOut));

        Health health = Health.of(RunHistory.read(folder));

        assertThat(health.checks())
                .allSatisfy(check -> assertThat(check.numbers()).doesNotContain("Infinity", "NaN", "not finite"));
        assertThat(health.checks().get(4).numbers())
                .contains("held-out RTD loss 0.000, 0.000 nats above the 0.000 of always the majority");
    }

    @Test
    void whereAlmostAllIsReplacedNobodyIsStuck() {
        Map<String, Double> sure = Map.of("rtd_loss", .002, "rtd_majority_loss", .001, "rtd_auc", .5);
        Health health = health(step -> TestRuns.but(step, sure), "electra-15");

        assertThat(health.condition()).isEqualTo(Condition.HEALTHY);
        assertThat(health.reason()).startsWith("RTD loss 0.001 nats above always the majority");
        assertThat(health.checks()).extracting(Check::condition).doesNotContain(Condition.DISCRIMINATOR_STUCK);
    }
}
