package dev.changeling.objective;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.TokenTable;
import dev.changeling.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A member of the family at a size for tests, and one batch that has gone through it.
 *
 * @param config of {@code configs/variants}, laid over {@code debug}
 * @param model with starting weights
 */
record Variant(RunConfig config, Electra model, JointObjective objective) implements AutoCloseable {
    static final int VOCABULARY = 60;
    static final Engine ENGINE = TestConfigs.engine();
    static final long SEED = 11;

    /** Returns a variant in the middle of its run. */
    static Variant of(String name, String... overrides) {
        List<String> settings = new ArrayList<>(List.of("model.initialization.standard_deviation=0.1"));
        if (name.equals("full-sharing")) {
            settings.addAll(List.of(
                    "model.generator.hidden_size=64",
                    "model.generator.heads=2",
                    "model.generator.intermediate_size=256"));
        }
        settings.addAll(List.of(overrides));
        RunConfig config = ConfigLoader.load("debug", List.of(name), settings);
        Electra model = new Electra(ENGINE, config.model(), VOCABULARY, JointObjective.heads(config.objective()));
        Initialization.apply(model, config.model(), SEED);
        return new Variant(config, model, new JointObjective(config.objective(), tokens(), 100));
    }

    /** Returns a vocabulary in which every third token goes on with the word before it. */
    static TokenTable tokens() {
        long[] counts = new long[VOCABULARY];
        Arrays.setAll(counts, token -> 1 + token % 7);
        List<String> tokens = IntStream.range(0, VOCABULARY)
                .mapToObj(token -> (goesOn(token) ? "##" : "word") + token)
                .toList();
        return TokenTable.of(new Vocabulary(tokens, TestConfigs.SPECIAL), counts);
    }

    static boolean goesOn(int token) {
        return token >= 5 && token % 3 == 2;
    }

    static Batch batch() {
        return TestBatches.random(3, 6, 32, VOCABULARY);
    }

    /** Returns the batch with its random choices made, at some step of 100. */
    MaskedBatch masked(long step) {
        return objective.mask(batch(), SEED, step, 0);
    }

    /** Returns what comes of a pass; it lives until the enclosing scope ends. */
    JointStep pass(MaskedBatch masked) {
        return objective.step(model, masked, Totals.of(List.of(masked)), Dropout.NONE);
    }

    /** Returns what comes of a batch's passes, as many as training sends it through the networks. */
    private List<JointStep> passes(MaskedBatch masked) {
        boolean inOnePass = config.optimizer().update() == OptimizerConfig.Update.TOGETHER
                && config.objective().rtdBalance() == 0;
        if (inOnePass) {
            return List.of(pass(masked));
        }
        Totals totals = Totals.of(List.of(masked));
        JointStep generated = objective.generate(model, masked, totals, Dropout.NONE);
        int[] samples = HostCopy.toInts(generated.samples_M());
        return List.of(generated, objective.judge(model, masked, samples, totals, Dropout.NONE));
    }

    /** Returns the largest gradient of some losses on each part of the networks, by the part's name. */
    Map<String, Float> gradients(Function<Losses, java.util.Optional<Tensor>> losses, long step) {
        try (Engine.Scope scope = ENGINE.scope()) {
            model.parameters().gradients().zero_();
            for (JointStep pass : passes(masked(step))) {
                losses.apply(pass.losses()).filter(Tensor::requires_grad).ifPresent(Tensor::backward);
            }
            Map<String, Float> largest = new TreeMap<>();
            model.parameters()
                    .partsIn(model.parameters().gradients())
                    .forEach((name, part) -> largest.merge(
                            partOf(name), part.tensor().abs().max().item_float(), Math::max));
            return largest;
        }
    }

    private static String partOf(String name) {
        String network = name.substring(0, name.indexOf('.'));
        if (name.contains(".encoder.") || name.contains("embeddings_project")) {
            return network + " trunk";
        }
        if (name.contains("embeddings.")) {
            return network + (name.endsWith(".difference") ? " difference" : " embeddings");
        }
        return network + (name.contains("discriminator_predictions") ? " detection" : " prediction");
    }

    float[] gradient() {
        try (Engine.Scope scope = ENGINE.scope()) {
            return HostCopy.toFloats(model.parameters().gradients());
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
