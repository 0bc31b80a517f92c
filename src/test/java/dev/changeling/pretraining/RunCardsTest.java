package dev.changeling.pretraining;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.config.ConfigLoader;
import dev.changeling.metrics.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cards of facts that are put together here, so that each number in them is told from every other. */
class RunCardsTest {
    private static final Map<String, Long> SIZES =
            Map.of("train_rows", 1_234L, "train_tokens", 39_000L, "held_out_rows", 56L, "row_length", 32L);
    private static final Metrics HELD_OUT = Metrics.at(20)
            .put("heldout_loss", 9.0)
            .put("heldout_mlm_loss", 5.4321)
            .put("heldout_rtd_loss", 0.3456)
            .put("heldout_mlm_accuracy", 0.123)
            .put("heldout_replaced_fraction", 0.14)
            .put("heldout_rtd_accuracy", 0.871)
            .put("heldout_rtd_precision", 0.25)
            .put("heldout_rtd_recall", 0.0625)
            .put("heldout_rtd_auc", 0.6543)
            .put("heldout_rtd_majority_loss", 0.4049)
            .put("heldout_tokens", 1_792L)
            .build();

    private static Provenance start(String initFrom) {
        Map<String, String> inputs = new HashMap<>(Map.of("dataset", "da7a", "tokenizer", "70ce"));
        if (!initFrom.isEmpty()) {
            inputs.put("init_from", initFrom);
        }
        return new Provenance(
                "2026-01-02T03:04:05Z",
                List.of("pretrain", "--data", "a/private/folder"),
                42,
                "0.1.0",
                "abc1234",
                "A vendor 17.0.1",
                "Linux 6.1 amd64",
                "A | processor",
                4,
                "cpu",
                2,
                Map.of("libtorch", "2.10.0"),
                inputs,
                SIZES);
    }

    private static RunFacts facts(long step, List<Provenance> starts, Optional<Metrics> heldOut, String... settings) {
        return new RunFacts(
                ConfigLoader.load("debug", List.of(settings)),
                step,
                97_500,
                120,
                54_321,
                51_234,
                43_210,
                Set.of("discriminator", "generator"),
                starts,
                heldOut);
    }

    private static RunFacts alone(String variant) {
        return new RunFacts(
                ConfigLoader.load("debug", List.of(variant), List.of("training.steps=20")),
                20,
                97_500,
                120,
                54_321,
                51_234,
                43_210,
                Set.of("discriminator"),
                List.of(start("")),
                Optional.of(HELD_OUT));
    }

    private static RunFacts finished(String... settings) {
        List<String> all = new ArrayList<>(List.of("training.steps=20", "objective.sampling.unigram_fraction=0.5"));
        all.addAll(List.of(settings));
        return facts(20, List.of(start("")), Optional.of(HELD_OUT), all.toArray(String[]::new));
    }

    private static String discriminator(RunFacts facts) {
        return Objects.requireNonNull(RunCards.of(facts).get("discriminator")).text();
    }

    private static String generator(RunFacts facts) {
        return Objects.requireNonNull(RunCards.of(facts).get("generator")).text();
    }

    @Test
    void aDiscriminatorsCardIsThisPage() throws IOException {
        assertThat(discriminator(finished())).isEqualTo(page("discriminator.md"));
    }

    @Test
    void aGeneratorsCardIsThisPage() throws IOException {
        assertThat(generator(finished())).isEqualTo(page("generator.md"));
    }

    @Test
    void anEncodersCardTellsHowAutoModelOpensItAndNothingOfAHead() {
        String card = RunCards.ofEncoder(finished()).text();

        assertThat(card)
                .contains("\nlibrary_name: transformers\npipeline_tag: feature-extraction\n")
                .contains("# ELECTRA encoder, 2 × 64\n", "without the head that tells", "| weights | 51,234, 0.2 MB")
                .contains("from transformers import AutoModel, AutoTokenizer\n")
                .contains("encoder = AutoModel.from_pretrained(\".\")\n")
                .contains("| steps | 20 of 20 |", "| RTD AUC, area under the ROC curve | 0.6543;")
                .doesNotContain("AutoModelForPreTraining", "changeling detect", "is called replaced");
    }

    @Test
    void aNetworkThatLearnedAloneIsOfNoPair() {
        for (String variant : List.of("bert", "unigram", "uniform")) {
            assertThat(RunCards.of(alone(variant))).containsOnlyKeys("discriminator");
            assertThat(discriminator(alone(variant))
                            + RunCards.ofEncoder(alone(variant)).text())
                    .as(variant)
                    .doesNotContain("pair of networks", "| generator |", "shared by both", "the generator sees");
        }
        assertThat(discriminator(alone("unigram")))
                .contains("An encoder that was pre-trained by [replaced token detection]")
                .contains("| masked | 15 % of the tokens, and replaced at once |", "- replaced-token-detection");
        assertThat(discriminator(alone("bert")))
                .contains("pipeline_tag: fill-mask\n", "there the encoder sees [MASK] (80 %)")
                .doesNotContain("| replacements |", "replaced-token-detection", "changeling detect");
        assertThat(RunCards.ofEncoder(alone("bert")).text())
                .contains("without the head that predicts the original tokens of a text.");
    }

    @Test
    void whereMostIsReplacedTheMajorityAnswersSo() {
        Metrics masked = Metrics.at(20)
                .put("heldout_loss", 1.0)
                .put("heldout_rtd_accuracy", 0.93)
                .put("heldout_replaced_fraction", 0.92)
                .build();
        assertThat(discriminator(facts(20, List.of(start("")), Optional.of(masked), "training.steps=20")))
                .contains("| 93 %; 92 % for one that always answers \"replaced\" |");
    }

    private static String page(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(RunCardsTest.class.getResourceAsStream("cards/" + name))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void inventsNoScores() {
        String card = discriminator(facts(20, List.of(start("")), Optional.empty(), "training.steps=20"));

        assertThat(card).contains("## Scores on held-out text\n\nNot scored.\n\n## ");
        assertThat(card).doesNotContain("AUC", "MLM accuracy", "RTD precision", "nats");
    }

    @Test
    void showsNoScoreThatWasNotFinite() {
        Metrics ruined = Metrics.at(20)
                .put("heldout_loss", 1.0)
                .put("heldout_mlm_loss", Double.NaN)
                .build();
        String card = discriminator(facts(20, List.of(start("")), Optional.of(ruined), "training.steps=20"));

        assertThat(card)
                .contains("| MLM loss of the generator | not finite |")
                .contains("| RTD recall | not recorded |")
                .doesNotContain("NaN");
    }

    @Test
    void saysThatScoresAreOfAnotherStep() {
        String card = discriminator(facts(23, List.of(start("")), Optional.of(HELD_OUT), "training.steps=40"));

        assertThat(card)
                .contains("Taken at step 20, on 1,792 held-out tokens")
                .contains("**the networks here are those of step 23, which were not scored**");
    }

    @Test
    void saysAfterHowManyStepsAnUnfinishedRunWasExported() {
        RunFacts unfinished = facts(7, List.of(start("")), Optional.empty(), "training.steps=20");

        assertThat(discriminator(unfinished))
                .contains("| steps | 7 of 20 |", "The training is not finished")
                .contains("- The training is not finished: 7 of 20 steps.");
        assertThat(discriminator(finished())).doesNotContain("not finished");
    }

    @Test
    void saysThatTheRunStartedFromOtherNetworks() {
        String card = generator(facts(20, List.of(start("f00d")), Optional.empty(), "training.steps=20"));

        assertThat(card)
                .contains("| starting weights | those of networks that were trained before |")
                .contains("started from networks that were trained before (SHA-256 `f00d`)")
                .doesNotContain("random, scheme", "The paper's ELECTRA-Small");
    }

    @Test
    void saysWhatIsNotKnownWhereTheProvenanceIsGone() {
        String card = discriminator(facts(20, List.of(), Optional.empty(), "training.steps=20"));

        assertThat(card)
                .contains("| to train on | how much is not recorded |")
                .contains("| data set, SHA-256 of its `dataset.json` | not recorded |")
                .contains("| starting weights | not recorded |")
                .contains("Not recorded: the run's provenance is gone.");
    }

    @Test
    void warnsOfEasyReplacementsOnlyWhereThereAreSome() {
        assertThat(discriminator(finished())).contains("50 % of the replacements scored here");
        assertThat(discriminator(finished("objective.sampling.unigram_fraction=0")))
                .doesNotContain("replacements scored here");
    }

    @Test
    void tellsNoPathOfTheMachine() {
        assertThat(discriminator(finished())).doesNotContain("private");
    }

    @Test
    void keepsATableWholeWhateverTheMachineIsCalled() {
        assertThat(discriminator(finished())).contains("| processor | A \\| processor, 4 for the program |");
    }
}
