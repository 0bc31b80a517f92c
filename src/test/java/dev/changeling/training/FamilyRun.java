package dev.changeling.training;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import dev.changeling.model.Parameter;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.TokenTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;

/**
 * A run of a few steps of a member of the family, on one batch again and again.
 *
 * @param outcomes of the steps
 * @param weights before the first step, and after each
 */
record FamilyRun(List<StepOutcome> outcomes, List<Map<String, float[]>> weights) {
    static final int STEPS = 10;
    private static final int VOCABULARY = 60;

    /** Runs a variant whose two networks have one shape. */
    static FamilyRun of(String variant, String... overrides) {
        List<String> settings = new ArrayList<>(List.of(
                "model.initialization.standard_deviation=0.1",
                "model.generator.hidden_size=64",
                "model.generator.heads=2",
                "model.generator.intermediate_size=256",
                "training.steps=" + STEPS,
                "training.batch_size=4",
                "training.device_batch_size=2",
                "schedule.warmup_steps=0"));
        settings.addAll(List.of(overrides));
        RunConfig config = ConfigLoader.load("debug", List.of(variant), settings);
        long[] counts = new long[VOCABULARY];
        Arrays.fill(counts, 3);
        TokenTable table = TokenTable.ofWords(TestConfigs.SPECIAL, counts);
        JointObjective objective = new JointObjective(config.objective(), table, STEPS);
        Batch batch = TestBatches.random(1, 4, 24, VOCABULARY);
        FamilyRun run = new FamilyRun(new ArrayList<>(), new ArrayList<>());
        try (Electra model = new Electra(
                TestConfigs.engine(2), config.model(), VOCABULARY, JointObjective.heads(config.objective()))) {
            Initialization.apply(model, config.model(), 7);
            try (Replicas<Electra> replicas = Replicas.of(model, 2);
                    TrainStep step = new TrainStep(
                            model,
                            replicas,
                            config,
                            MaskedBatches.drawn(TestBatches.always(batch, 2), objective, 7),
                            objective)) {
                run.weights().add(weights(model));
                for (int i = 0; i < STEPS; i++) {
                    if (config.objective().stages().handsOverAt(i, STEPS)) {
                        HandOver.of(model);
                    }
                    run.outcomes().add(step.run(i, null, i % 2 == 0));
                    run.weights().add(weights(model));
                }
            }
        }
        return run;
    }

    private static Map<String, float[]> weights(Electra model) {
        try (PointerScope scope = new PointerScope()) {
            Map<String, float[]> weights = new LinkedHashMap<>();
            for (Parameter.Part part : model.parameters().parts().values()) {
                weights.put(part.name(), HostCopy.toFloats(part.tensor()));
            }
            return weights;
        }
    }

    /** Returns a tensor as it was after some steps. */
    float[] tensor(int steps, String name) {
        return Objects.requireNonNull(weights.get(steps).get(name), name);
    }
}
