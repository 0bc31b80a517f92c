package dev.changeling.pretraining;

import dev.changeling.checkpoint.Progress;
import dev.changeling.checkpoint.Provenance;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.RunConfig;
import dev.changeling.hub.EncoderFamily;
import dev.changeling.metrics.JsonLines;
import dev.changeling.metrics.Metrics;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.Head;
import dev.changeling.objective.JointObjective;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a run has recorded about a pair of networks: all that a model card may say.
 *
 * @param config of the run
 * @param step steps that the networks were trained for
 * @param tokens real tokens that they saw in these
 * @param vocabularySize V
 * @param discriminatorWeights numbers in the discriminator, embedding tables included
 * @param encoderWeights the same of the discriminator without its head
 * @param generatorWeights the same of the generator
 * @param networks the names of the folders of those that have learned, or were given to the run
 * @param starts of the run, the first one first; none if its provenance is gone
 * @param heldOut the last held-out scores that were taken at that step or before it, under the names of
 *     {@code metrics.jsonl}
 */
record RunFacts(
        RunConfig config,
        long step,
        long tokens,
        long vocabularySize,
        long discriminatorWeights,
        long encoderWeights,
        long generatorWeights,
        Set<String> networks,
        List<Provenance> starts,
        Optional<Metrics> heldOut) {

    /** Collects them. */
    static RunFacts read(Path run, RunConfig config, Progress progress, Electra model) {
        return new RunFacts(
                config,
                progress.step(),
                progress.tokens(),
                model.vocabularySize(),
                weights(model, Discriminator.PREFIX),
                weights(model, Discriminator.PREFIX + EncoderFamily.TRUNK),
                weights(model, Generator.PREFIX),
                RunNetworks.of(run, config),
                RunFolder.startsOf(run),
                JsonLines.last(RunFolder.metrics(run), MetricNames.HELD_OUT + "loss", progress.step()));
    }

    private static long weights(Electra model, String prefix) {
        return model.parameters().parts().values().stream()
                .filter(part -> part.name().startsWith(prefix) || part.name().startsWith(Electra.SHARED))
                .mapToLong(part -> part.shape().stream().reduce(1L, Math::multiplyExact))
                .sum();
    }

    /** Returns whether the discriminator has the head that tells replaced tokens. */
    boolean detects() {
        return JointObjective.heads(config.objective()).contains(Head.REPLACED_TOKENS);
    }

    /** Returns whether a generator learned beside the discriminator, or wrote what that learned from. */
    boolean isOfPair() {
        return config.objective().generates();
    }

    /** Returns whether the generator learned anything in the run. */
    boolean trainsGenerator() {
        return config.objective().trainsGenerator(config.training().steps());
    }

    /** Returns whether the last step was reached. */
    boolean finished() {
        return step >= config.training().steps();
    }

    /** Returns the SHA-256 of what the run was started on, by name. */
    Map<String, String> inputs() {
        return starts.isEmpty() ? Map.of() : starts.get(0).inputs();
    }

    /** Returns one of the sizes that {@link RunInputs} names; empty if it was not recorded. */
    OptionalLong size(String name) {
        // A run from before sizes were recorded may have been resumed since, on the same data.
        return starts.stream()
                .map(start -> start.sizes().get(name))
                .filter(size -> size != null)
                .mapToLong(size -> size)
                .findFirst();
    }
}
