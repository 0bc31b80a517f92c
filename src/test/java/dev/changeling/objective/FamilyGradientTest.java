package dev.changeling.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.config.ConfigLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What makes each variant that variant: which parts of the networks learn from which network's losses. */
class FamilyGradientTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // variant | of the generator's losses | of the discriminator's losses
                "electra | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "electra-15 | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "all-tokens-mlm | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection, discriminator prediction",
                "replace-mlm | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator prediction",
                "bert | '' | shared embeddings, discriminator trunk, discriminator prediction",
                "no-sharing | generator embeddings, generator trunk, generator prediction | discriminator embeddings, discriminator trunk, discriminator detection",
                "full-sharing | shared embeddings, shared trunk, generator prediction | shared embeddings, shared trunk, discriminator detection",
                // The discriminator's own LayerNorm is no table.
                "gdes | generator embeddings, generator trunk, generator prediction | discriminator difference, discriminator embeddings, discriminator trunk, discriminator detection",
                "deberta-v3 | generator embeddings, generator trunk, generator prediction | discriminator difference, discriminator embeddings, discriminator trunk, discriminator detection",
                "decoupled | generator embeddings, generator trunk, generator prediction | discriminator embeddings, discriminator trunk, discriminator detection",
                "adversarial | shared embeddings, generator trunk, generator prediction, generator_reward prediction | shared embeddings, discriminator trunk, discriminator detection",
                // No head of the generator's teaches what lies below the head before it.
                "amos | shared embeddings, generator trunk, generator prediction, generator_inner_0 prediction | shared embeddings, discriminator trunk, discriminator detection, generator_mixture prediction",
                "fast-electra | '' | discriminator embeddings, discriminator trunk, discriminator detection",
                "unigram | '' | shared embeddings, discriminator trunk, discriminator detection",
                "uniform | '' | shared embeddings, discriminator trunk, discriminator detection",
                "coco-lm | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection, discriminator prediction",
                "whole-word | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "span | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "balanced | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "falling-mask | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
                "disallow-correct | shared embeddings, generator trunk, generator prediction | shared embeddings, discriminator trunk, discriminator detection",
            })
    void eachNetworksLossesReachTheseParts(String name, String ofGenerator, String ofDiscriminator) {
        try (Variant variant = Variant.of(name)) {
            assertThat(reached(variant.gradients(Losses::ofGenerator, 50)))
                    .as("of the generator's losses")
                    .isEqualTo(parts(ofGenerator));
            assertThat(reached(variant.gradients(Losses::ofDiscriminator, 50)))
                    .as("of the discriminator's losses")
                    .isEqualTo(parts(ofDiscriminator));
        }
    }

    @ParameterizedTest
    @CsvSource({"two-stage", "two-stage-cold"})
    void inTwoStagesOneNetworkLearnsAfterTheOther(String name) {
        try (Variant variant = Variant.of(name)) {
            Set<String> generator = parts("generator embeddings, generator trunk, generator prediction");
            Set<String> discriminator = parts("discriminator embeddings, discriminator trunk, discriminator detection");
            assertThat(reached(variant.gradients(Losses::ofGenerator, 49))).isEqualTo(generator);
            assertThat(reached(variant.gradients(Losses::ofDiscriminator, 49))).isEmpty();
            assertThat(reached(variant.gradients(Losses::ofGenerator, 50))).isEmpty();
            assertThat(reached(variant.gradients(Losses::ofDiscriminator, 50))).isEqualTo(discriminator);
        }
    }

    @Test
    void everyVariantIsTestedHere() throws NoSuchMethodException {
        Set<String> tested = new TreeSet<>(List.of("two-stage", "two-stage-cold"));
        CsvSource cases = FamilyGradientTest.class
                .getDeclaredMethod("eachNetworksLossesReachTheseParts", String.class, String.class, String.class)
                .getAnnotation(CsvSource.class);
        for (String line : cases.value()) {
            tested.add(line.substring(0, line.indexOf('|')).strip());
        }
        assertThat(tested).containsExactlyInAnyOrderElementsOf(ConfigLoader.variants());
    }

    private static Set<String> reached(Map<String, Float> gradients) {
        return gradients.entrySet().stream()
                .filter(part -> part.getValue() > 1e-8f)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> parts(String list) {
        return Arrays.stream(list.split(", "))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
