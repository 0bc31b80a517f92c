package dev.changeling.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.config.InitializationConfig.Scheme;
import dev.changeling.config.ModelConfig;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Logits and gradients are compared with transformers' in {@code ModelParityTest}; here is the rest. */
class StandaloneModelTest {
    private static final int VOCABULARY = 20;
    private static final int LABELS = 2;
    private static final int SEQUENCES = 200;
    private static final Engine ENGINE = TestConfigs.engine();
    private static final ModelConfig CONFIG = TestConfigs.model(Scheme.STANDARD);
    private static final int HIDDEN = CONFIG.discriminator().hiddenSize();

    @Test
    void theTrunkIsADiscriminatorsAndTheHeadsHaveTheNamesOfHuggingFace() {
        try (StandaloneModel<Discriminator> discriminator = StandaloneModel.discriminator(ENGINE, CONFIG, VOCABULARY);
                StandaloneModel<TransformerEncoder> encoder = StandaloneModel.encoder(ENGINE, CONFIG, VOCABULARY);
                StandaloneModel<?> sequences = StandaloneModel.sequenceClassifier(ENGINE, CONFIG, VOCABULARY, LABELS);
                StandaloneModel<?> tokens = StandaloneModel.tokenClassifier(ENGINE, CONFIG, VOCABULARY, LABELS);
                StandaloneModel<?> sentences =
                        StandaloneModel.sentenceEncoder(ENGINE, CONFIG, VOCABULARY, Pooling.MEAN);
                StandaloneModel<?> answers = StandaloneModel.answerFinder(ENGINE, CONFIG, VOCABULARY)) {
            Map<String, List<Long>> trunk = shapes(discriminator.parameters());
            trunk.keySet().removeIf(name -> name.startsWith("discriminator.discriminator_predictions."));
            assertThat(shapes(encoder.parameters())).isEqualTo(trunk);
            assertThat(shapes(sentences.parameters())).isEqualTo(trunk);
            long hidden = HIDDEN;
            long labels = LABELS;
            assertThat(shapes(sequences.parameters()))
                    .isEqualTo(with(
                            trunk,
                            Map.of(
                                    "discriminator.classifier.dense.weight", List.of(hidden, hidden),
                                    "discriminator.classifier.dense.bias", List.of(hidden),
                                    "discriminator.classifier.out_proj.weight", List.of(labels, hidden),
                                    "discriminator.classifier.out_proj.bias", List.of(labels))));
            assertThat(shapes(tokens.parameters()))
                    .isEqualTo(with(
                            trunk,
                            Map.of(
                                    "discriminator.classifier.weight", List.of(labels, hidden),
                                    "discriminator.classifier.bias", List.of(labels))));
            assertThat(shapes(answers.parameters()))
                    .isEqualTo(with(
                            trunk,
                            Map.of(
                                    "discriminator.qa_outputs.weight", List.of(2L, hidden),
                                    "discriminator.qa_outputs.bias", List.of(2L))));
        }
    }

    private static Map<String, List<Long>> shapes(ParameterStore parameters) {
        Map<String, List<Long>> shapes = new TreeMap<>();
        parameters.parts().forEach((name, part) -> shapes.put(name, part.shape()));
        return shapes;
    }

    private static Map<String, List<Long>> with(Map<String, List<Long>> some, Map<String, List<Long>> more) {
        Map<String, List<Long>> all = new TreeMap<>(some);
        all.putAll(more);
        return all;
    }

    @Test
    void aSentencesVectorIsThatOfItsFirstTokenOrTheMeanOverAllThatAreReal() {
        List<Sequence> sequences = List.of(Sequence.of(2, 7, 3), Sequence.of(2, 8, 9, 11, 3));
        try (StandaloneModel<TaskNetwork> mean =
                        StandaloneModel.sentenceEncoder(ENGINE, CONFIG, VOCABULARY, Pooling.MEAN);
                Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Initialization.apply(mean.parameters(), name -> true, 0.5, 3);
            TransformerEncoder encoder = mean.network().encoder();
            PackedInput input = PackedInput.of(ENGINE, Batches.of(sequences, 0));
            float[] hidden = HostCopy.toFloats(encoder.encode(input, Dropout.NONE));
            float[] means = HostCopy.toFloats(mean.network().outputs(input, Dropout.NONE));
            float[] firsts = HostCopy.toFloats(new SentenceEncoder(encoder, Pooling.CLS).outputs(input, Dropout.NONE));
            for (int row = 0; row < 2; row++) {
                int length = sequences.get(row).length();
                for (int i = 0; i < HIDDEN; i++) {
                    double sum = 0;
                    for (int token = 0; token < length; token++) {
                        sum += hidden[(row * 5 + token) * HIDDEN + i];
                    }
                    assertThat((double) means[row * HIDDEN + i]).isCloseTo(sum / length, within(1e-5));
                    assertThat(firsts[row * HIDDEN + i]).isEqualTo(hidden[row * 5 * HIDDEN + i]);
                }
            }
        }
    }

    @Test
    void aTokenKeepsAHiddenUnitByTheDropoutOfTheHead() {
        try (StandaloneModel<TaskNetwork> model = StandaloneModel.tokenClassifier(ENGINE, CONFIG, VOCABULARY, 1)) {
            knowOnlyOnes(model);
            fill(model, "classifier.weight", 1);
            // Each hidden state is all ones, so a logit counts the units that were kept, and each counts double.
            float[] plain = classify(model, Dropout.NONE);
            assertThat(plain).hasSize(2 * SEQUENCES).containsOnly(HIDDEN);
            float[] dropped = classify(model, Dropout.seeded(ENGINE, 0.5, 0, 41));
            assertDistributed(dropped, HIDDEN, HIDDEN * (2 - 1), 41);
        }
    }

    @Test
    void aSequenceKeepsAHiddenUnitByTheDropoutBeforeTheHeadAndWithinIt() {
        try (StandaloneModel<TaskNetwork> model = StandaloneModel.sequenceClassifier(ENGINE, CONFIG, VOCABULARY, 1);
                Engine.Scope scope = ENGINE.scope()) {
            knowOnlyOnes(model);
            fill(model, "classifier.out_proj.weight", 1);
            // The erf-GELU leaves 30 and 0 as they are.
            try (NoGradGuard noGrad = new NoGradGuard()) {
                part(model, "classifier.dense.weight").fill_diagonal_(new Scalar(30));
            }
            assertThat(classify(model, Dropout.NONE)).hasSize(SEQUENCES).containsOnly(30 * HIDDEN);
            float[] dropped = classify(model, Dropout.seeded(ENGINE, 0.5, 0, 42));
            // A unit that is kept twice counts four times.
            assertDistributed(dropped, 30 * HIDDEN, 30 * 30 * HIDDEN * (4 - 1), 42);
        }
    }

    @Test
    void aSequenceIsJudgedByItsFirstToken() {
        try (StandaloneModel<TaskNetwork> model = StandaloneModel.sequenceClassifier(ENGINE, CONFIG, VOCABULARY, 1)) {
            fill(model, "electra.encoder.layer.1.output.LayerNorm.weight", 1);
            fill(model, "electra.encoder.layer.1.attention.output.LayerNorm.weight", 1);
            fill(model, "electra.encoder.layer.0.output.LayerNorm.weight", 1);
            fill(model, "electra.encoder.layer.0.attention.output.LayerNorm.weight", 1);
            fill(model, "electra.embeddings.LayerNorm.weight", 1);
            try (Engine.Scope scope = ENGINE.scope();
                    NoGradGuard noGrad = new NoGradGuard()) {
                // Without attention a token knows itself only.
                float[] words = new float[VOCABULARY * HIDDEN];
                for (int i = 0; i < words.length; i++) {
                    words[i] = (float) Math.sin(i * i);
                }
                HostCopy.fromFloats(words, part(model, "electra.embeddings.word_embeddings.weight"));
                part(model, "classifier.dense.weight").fill_diagonal_(new Scalar(1));
                part(model, "classifier.out_proj.weight").fill_(new Scalar(1));
                PackedInput input = PackedInput.of(
                        ENGINE, Batches.of(List.of(Sequence.of(2, 7, 3), Sequence.of(2, 8, 9, 3), Sequence.of(5)), 0));
                float[] logits = HostCopy.toFloats(model.network().outputs(input, Dropout.NONE));
                assertThat(logits).hasSize(3);
                assertThat(logits[0]).isEqualTo(logits[1]).isNotCloseTo(logits[2], within(1e-3f));
            }
        }
    }

    /** Makes every hidden state ones, whatever is read and dropped. */
    private static void knowOnlyOnes(StandaloneModel<?> model) {
        fill(model, "electra.encoder.layer.1.output.LayerNorm.bias", 1);
    }

    private static void fill(StandaloneModel<?> model, String name, float value) {
        try (Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            part(model, name).fill_(new Scalar(value));
        }
    }

    private static Tensor part(StandaloneModel<?> model, String name) {
        return model.parameters().part("discriminator." + name).tensor();
    }

    private static float[] classify(StandaloneModel<TaskNetwork> model, Dropout dropout) {
        try (Engine.Scope scope = ENGINE.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            List<Sequence> sequences = Collections.nCopies(SEQUENCES, Sequence.of(2, 3));
            PackedInput input = PackedInput.of(ENGINE, Batches.of(sequences, 0));
            return HostCopy.toFloats(model.network().outputs(input, dropout));
        }
    }

    /** Fails if the mean or the variance is more than four standard errors away. */
    private static void assertDistributed(float[] values, double mean, double variance, long seed) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (value - mean) * (value - mean);
        }
        double count = values.length;
        assertThat(sum / count).as("mean, seed %d", seed).isCloseTo(mean, within(4 * Math.sqrt(variance / count)));
        assertThat(squares / count)
                .as("variance, seed %d", seed)
                .isCloseTo(variance, within(4 * variance * Math.sqrt(2 / count)));
    }
}
