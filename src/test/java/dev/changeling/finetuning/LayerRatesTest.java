package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterGroup;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LayerRatesTest {
    /** google's depths (model/optimization.py, _get_layer_lrs) for twelve layers. */
    @ParameterizedTest
    @CsvSource({
        "discriminator.electra.embeddings.word_embeddings.weight, 0",
        "discriminator.electra.embeddings.LayerNorm.bias, 0",
        "discriminator.electra.embeddings_project.weight, 0",
        "discriminator.electra.encoder.layer.0.attention.self.query.weight, 1",
        "discriminator.electra.encoder.layer.1.output.LayerNorm.weight, 2",
        "discriminator.electra.encoder.layer.11.intermediate.dense.bias, 12",
        "discriminator.classifier.dense.weight, 14",
        "discriminator.qa_outputs.bias, 14"
    })
    void theRateFallsWithTheDepth(String name, int depth) {
        assertThat(new LayerRates(0.8, 12).applyAsDouble(name)).isEqualTo(Math.pow(0.8, 12 + 2 - depth));
    }

    @Test
    void withoutDecayAllLearnAlike() {
        assertThat(new LayerRates(1, 2).applyAsDouble("discriminator.electra.embeddings.word_embeddings.weight"))
                .isOne();
    }

    /** Also of those that are stored together: query, key and value of a layer. */
    @ParameterizedTest
    @EnumSource(TaskKind.class)
    void everyNumberOfANetworkHasTheRateOfItsTensor(TaskKind kind) {
        try (StandaloneModel<TaskNetwork> model =
                kind.network(TestExports.engine(), TestExports.config(), 30, 3, Pooling.MEAN)) {
            LayerRates rates = new LayerRates(0.5, 2);
            double[] groups = new double[(int) model.parameters().size()];
            int covered = 0;
            for (ParameterGroup group : model.parameters().groups(rates)) {
                for (long i = 0; i < group.size(); i++) {
                    groups[(int) (group.offset() + i)] = group.rateFactor();
                }
                covered += (int) group.size();
            }
            assertThat(covered).isEqualTo(groups.length);
            double sum = 0;
            for (Map.Entry<String, Parameter.Part> part :
                    model.parameters().parts().entrySet()) {
                String name = part.getKey();
                int depth = name.contains(".electra.embeddings") ? 0 : 4;
                for (int layer = 0; layer < 2; layer++) {
                    depth = name.contains(".layer." + layer + ".") ? layer + 1 : depth;
                }
                double numbers = part.getValue().shape().stream()
                        .mapToLong(Long::longValue)
                        .reduce(1, (a, b) -> a * b);
                sum += Math.pow(0.5, 4 - depth) * numbers;
            }
            double grouped = 0;
            for (double rate : groups) {
                grouped += rate;
            }
            assertThat(grouped).isCloseTo(sum, within(1e-6));
        }
    }
}
