package dev.changeling.training;

import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig.Scheme;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.ScheduleConfig;
import dev.changeling.model.Electra;
import dev.changeling.model.Parameter;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.objective.Loss;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.parity.Deviation;
import dev.changeling.parity.Fixture;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import tools.jackson.databind.JsonNode;

/**
 * Our training step beside a reference in plain PyTorch, fed the same starting weights, batches, masked positions and
 * samples.
 *
 * @param ours what each step did
 * @param reference what the reference did in it
 * @param movement for each tensor, the largest difference of a weight at the end as a part of the largest distance that
 *     a weight in it went. Biases of keys are left out: their gradient is rounding
 */
public record TrainingParity(List<StepOutcome> ours, List<StepOutcome> reference, Map<String, Double> movement) {

    /** How the sequences of a step are laid out; none of it may change a number. */
    public enum Layout {
        /** A sequence a row, one device batch, as the reference has it. */
        PADDED,
        /** Two sequences a row, and two device batches side by side. */
        PACKED
    }

    /** @param optimizer {@code google} or {@code adamw} */
    public static TrainingParity of(String optimizer, Layout layout) {
        try (Fixture fixture = Fixture.open("training/" + optimizer + ".safetensors")) {
            FedBatches batches = FedBatches.read(fixture, layout);
            RunConfig config = config(fixture.settings(), optimizer, batches.steps());
            int vocabulary = fixture.settings().get("shared").get("vocab_size").intValue();
            Engine engine = TestConfigs.engine(batches.of(0).size());
            JointObjective objective = new JointObjective(config.objective(), TestConfigs.tokens(vocabulary), 0);
            List<StepOutcome> outcomes = new ArrayList<>();
            try (Electra model = new Electra(engine, config.model(), vocabulary);
                    Replicas<Electra> replicas =
                            Replicas.of(model, batches.of(0).size());
                    TrainStep step = new TrainStep(model, replicas, config, batches, objective)) {
                read(fixture, model);
                for (int i = 0; i < batches.steps(); i++) {
                    outcomes.add(step.run(i, null, false));
                }
                return new TrainingParity(outcomes, reference(fixture, batches), movement(fixture, model));
            }
        }
    }

    private static RunConfig config(JsonNode settings, String optimizer, int steps) {
        RunConfig any = TestConfigs.run(steps, 1, 1);
        ModelConfig model = Fixture.model(
                settings.get("shared"),
                Fixture.network(settings.get("discriminator")),
                Fixture.network(settings.get("generator")),
                TestConfigs.model(Scheme.STANDARD));
        ObjectiveConfig published = TestConfigs.objective();
        return new RunConfig(
                model,
                // Every replacement comes with the batch: the reference's samples do.
                published
                        .withSampling(published.sampling().withFractions(1, 0))
                        .withWeights(1, settings.get("rtd_weight").doubleValue()),
                new OptimizerConfig(
                        settings.get("learning_rate").doubleValue(),
                        settings.get("betas").get(0).doubleValue(),
                        settings.get("betas").get(1).doubleValue(),
                        settings.get("epsilon").doubleValue(),
                        !optimizer.equals("google"),
                        settings.get("weight_decay").doubleValue(),
                        settings.get("clip_norm").doubleValue()),
                new ScheduleConfig(
                        ScheduleConfig.Shape.LINEAR,
                        settings.get("warmup_steps").intValue(),
                        0,
                        0),
                any.training(),
                any.evaluation(),
                any.checkpoint(),
                any.metrics());
    }

    private static void read(Fixture fixture, Electra model) {
        Map<String, Parameter.Part> parts = model.parameters().parts();
        if (!parts.keySet().equals(fixture.namesUnder("start/"))) {
            throw new IllegalStateException(
                    "parameters " + parts.keySet() + ", but the reference has " + fixture.namesUnder("start/"));
        }
        try (NoGradGuard noGrad = new NoGradGuard()) {
            parts.forEach((name, part) -> fixture.copy("start/" + name, part));
        }
    }

    private static List<StepOutcome> reference(Fixture fixture, FedBatches batches) {
        List<StepOutcome> reference = new ArrayList<>();
        for (int i = 0; i < batches.steps(); i++) {
            reference.add(new StepOutcome(
                    fixture.doubles("step/loss")[i],
                    Map.of(
                            Loss.MLM, fixture.doubles("step/mlm_loss")[i],
                            Loss.RTD, fixture.doubles("step/rtd_loss")[i]),
                    fixture.doubles("step/gradient_norm")[i],
                    fixture.doubles("step/learning_rate")[i],
                    batches.of(i).stream()
                            .map(MaskedBatch::batch)
                            .mapToLong(Batch::realTokens)
                            .sum(),
                    null));
        }
        return reference;
    }

    private static Map<String, Double> movement(Fixture fixture, Electra model) {
        Map<String, Double> errors = new LinkedHashMap<>();
        try (Engine.Scope scope = model.engine().scope()) {
            model.parameters().parts().forEach((name, part) -> {
                if (!name.endsWith("self.key.bias")) {
                    float[] end = fixture.floats("end/" + name);
                    double moved = Deviation.absolute(fixture.floats("start/" + name), end);
                    errors.put(name, Deviation.absolute(HostCopy.toFloats(part.tensor()), end) / moved);
                }
            });
        }
        return errors;
    }
}
