package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestConfigs;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.ModelConfig;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkPartTest {
    @ParameterizedTest
    @CsvSource({
        "shared.electra.embeddings.word_embeddings.weight, shared.embeddings",
        "discriminator.electra.embeddings_project.weight, discriminator.embeddings",
        "generator.electra.encoder.layer.11.attention.self.query.weight, generator.layer.11",
        "generator.generator_predictions.LayerNorm.weight, generator.head",
        "generator_reward.dense.weight, generator_reward.head",
        "discriminator.classifier.out_proj.bias, discriminator.head"
    })
    void readsTheNameOfATensor(String name, String label) {
        assertThat(NetworkPart.of(name).label()).isEqualTo(label);
    }

    @Test
    void knowsWhoseATensorIs() {
        assertThat(NetworkPart.of("generator_reward.dense.weight").isGenerators())
                .isTrue();
        assertThat(NetworkPart.of("generator.electra.embeddings.LayerNorm.bias").isGenerators())
                .isTrue();
        assertThat(NetworkPart.of("shared.electra.embeddings.LayerNorm.bias").isGenerators())
                .isFalse();
        assertThat(NetworkPart.of("shared.electra.embeddings.LayerNorm.bias").isDiscriminators())
                .isFalse();
        assertThat(NetworkPart.of("discriminator.classifier.dense.bias").isDiscriminators())
                .isTrue();
    }

    @Test
    void refusesANameWithoutANetwork() {
        assertThatThrownBy(() -> NetworkPart.of("weight"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("weight");
    }

    /** A trunk whose names it does not know would be all head. */
    @Test
    void findsEveryPartOfBothNetworks() {
        ModelConfig config = ConfigLoader.load("debug", List.of(), List.of()).model();
        try (Electra model = new Electra(TestConfigs.engine(), config, 50)) {
            Set<String> parts = model.parameters().parts().keySet().stream()
                    .map(name -> NetworkPart.of(name).label())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(parts)
                    .containsExactly(
                            "discriminator.head",
                            "discriminator.layer.0",
                            "discriminator.layer.1",
                            "generator.embeddings",
                            "generator.head",
                            "generator.layer.0",
                            "generator.layer.1",
                            "shared.embeddings");
        }
    }
}
