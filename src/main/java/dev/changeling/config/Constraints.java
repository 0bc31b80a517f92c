package dev.changeling.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values that a configuration may have: the range of each number, and what they owe each other. */
final class Constraints {
    private static final String NOTHING_SAMPLED =
            "0 where no replacement is the generator's (objective.sampling.unigram_fraction, uniform_fraction)";

    private final Map<String, Object> values;
    private final List<Violation> violations = new ArrayList<>();

    private Constraints(Map<String, Object> values) {
        this.values = values;
    }

    /**
     * A value that is not allowed.
     *
     * @param key dotted
     * @param value as YAML writes it
     * @param expected what is allowed, to be read after "expected"
     */
    record Violation(String key, String value, String expected) {
        String message() {
            return key + " is " + value + ", expected " + expected;
        }
    }

    /** Returns the first value that is not allowed. */
    static Optional<Violation> firstViolation(RunConfig config) {
        return violations(config).stream().findFirst();
    }

    /** Returns the values that are out of their range; if none is, those that break what they owe each other. */
    static List<Violation> violations(RunConfig config) {
        Constraints constraints = new Constraints(ConfigKeys.values(config));
        ConfigKeys.all().forEach(constraints::checkRange);
        if (constraints.violations.isEmpty()) {
            constraints.checkTogether(config);
        }
        return List.copyOf(constraints.violations);
    }

    private void checkRange(String key, RecordComponent component) {
        Range range = component.getAnnotation(Range.class);
        if (range != null) {
            double value = ((Number) valueOf(key)).doubleValue();
            boolean inside =
                    value >= range.min() && value <= range.max() && value > range.above() && value < range.below();
            check(inside && Double.isFinite(value), key, describe(range));
        }
    }

    private void checkTogether(RunConfig config) {
        ModelConfig model = config.model();
        checkHeads("model.discriminator.heads", model.discriminator());
        checkHeads("model.generator.heads", model.generator());
        if (model.initialization().scheme() == InitializationConfig.Scheme.LOCAL) {
            checkLocalStart(model);
        }
        checkSharing(model);
        checkMixture(config);

        ObjectiveConfig objective = config.objective();
        MaskingConfig masking = objective.masking();
        check(
                masking.maskTokenFraction() + masking.randomTokenFraction() <= 1,
                "objective.masking.random_token_fraction",
                "at most 1 together with objective.masking.mask_token_fraction, "
                        + ConfigText.scalar(masking.maskTokenFraction()));
        check(
                masking.fractionAt(1) < 1,
                "objective.masking.final_factor",
                "below 1 times objective.masking.fraction, " + ConfigText.scalar(masking.fraction()));
        SamplingConfig sampling = objective.sampling();
        check(
                sampling.unigramFraction() + sampling.uniformFraction() <= 1,
                "objective.sampling.uniform_fraction",
                "at most 1 together with objective.sampling.unigram_fraction, "
                        + ConfigText.scalar(sampling.unigramFraction()));
        checkLosses(objective);
        checkStages(objective.stages());
        checkUpdate(config);

        TrainingConfig training = config.training();
        check(
                objective.contrastWeight() == 0 || training.deviceBatchSize() > 1,
                "training.device_batch_size",
                "2 or more where sequences are told from those beside them (objective.contrast_weight is above 0)");
        check(
                training.batchSize() % training.deviceBatchSize() == 0,
                "training.device_batch_size",
                "a divisor of training.batch_size, " + training.batchSize());
    }

    private void checkStages(StagesConfig stages) {
        check(
                stages.generatorFrozenFrom() >= stages.generatorAlone(),
                "objective.stages.generator_frozen_from",
                "at least objective.stages.generator_alone, " + ConfigText.scalar(stages.generatorAlone())
                        + ": up to there the generator is all that learns");
    }

    private void checkLosses(ObjectiveConfig objective) {
        check(
                objective.rtdWeight() > 0
                        || objective.rtdBalance() > 0
                        || objective.corrects()
                        || objective.mlmWeight() > 0,
                "objective.rtd_weight",
                "above 0, or another loss to train with");
        check(
                objective.adversarialWeight() == 0 || objective.detects(),
                "objective.adversarial_weight",
                "0 where nothing is detected (objective.rtd_weight is 0)");
        check(
                objective.adversarialWeight() == 0 || objective.sampling().usesGenerator(),
                "objective.adversarial_weight",
                NOTHING_SAMPLED);
        check(
                !(objective.corrects() && objective.correction() == ObjectiveConfig.Correction.CORRECTIVE)
                        || objective.detects(),
                "objective.correction",
                "something else where nothing is detected (objective.rtd_weight is 0)");
        check(
                !(objective.detects() && !objective.replaces()),
                "objective.correction",
                "something else where replaced tokens are detected (objective.rtd_weight is above 0)");
    }

    /** A network that does not learn for a while must not be stepped meanwhile, so it needs an optimizer of its own. */
    private void checkUpdate(RunConfig config) {
        StagesConfig stages = config.objective().stages();
        boolean apart = config.optimizer().update() == OptimizerConfig.Update.APART;
        check(
                apart || stages.isJoint(),
                "optimizer.update",
                "apart where a network does not learn all the time (objective.stages)");
        check(
                !apart || config.objective().adversarialWeight() == 0,
                "optimizer.update",
                "together where the generator learns from the discriminator (objective.adversarial_weight is above 0)");
        check(
                config.objective().rtdBalance() == 0
                        || (!apart && config.model().sharing() == ModelConfig.Sharing.EMBEDDINGS),
                "objective.rtd_balance",
                "0 where not the embeddings are shared and updated together (model.sharing, optimizer.update)");
        check(
                config.objective().rtdBalance() == 0
                        || (config.objective().mlmWeight() > 0
                                && config.objective().adversarialWeight() == 0),
                "objective.rtd_balance",
                "0 where the generator does not learn by likelihood alone (objective.mlm_weight, objective.adversarial_weight)");
    }

    private void checkSharing(ModelConfig model) {
        check(
                model.sharing() != ModelConfig.Sharing.ALL || model.generator().equals(model.discriminator()),
                "model.sharing",
                "something else where generator and discriminator differ in shape: model.generator's layers, hidden_size, heads"
                        + " and intermediate_size have to be model.discriminator's");
    }

    /** The mixture learns in the pass in which the discriminator does, from its gradient alone. */
    private void checkMixture(RunConfig config) {
        ModelConfig model = config.model();
        ObjectiveConfig objective = config.objective();
        boolean several = model.generatorHeads() > 1;
        boolean learns = objective.mixtureWeight() > 0;
        check(
                model.generatorHeads() <= model.generator().layers(),
                "model.generator_heads",
                "at most model.generator.layers, " + model.generator().layers());
        check(
                !several || objective.adversarialWeight() == 0,
                "objective.adversarial_weight",
                "0 where the generator has several heads (model.generator_heads)");
        String key = "objective.mixture_weight";
        check(!learns || several, key, "0 where the generator has one head (model.generator_heads)");
        check(!learns || objective.detects(), key, "0 where nothing is detected (objective.rtd_weight is 0)");
        check(!learns || objective.sampling().usesGenerator(), key, NOTHING_SAMPLED);
        check(
                !learns || objective.mlmWeight() > 0,
                key,
                "0 where the heads that are mixed don't learn (objective.mlm_weight is 0)");
        check(
                !learns || model.sharing() != ModelConfig.Sharing.ALL,
                key,
                "0 where the networks share everything (model.sharing)");
        check(
                !learns
                        || (config.optimizer().update() == OptimizerConfig.Update.TOGETHER
                                && objective.rtdBalance() == 0),
                key,
                "0 where the networks learn in passes of their own (optimizer.update, objective.rtd_balance)");
    }

    private void checkHeads(String key, NetworkConfig network) {
        check(network.hiddenSize() % network.heads() == 0, key, "a divisor of hidden_size, " + network.hiddenSize());
    }

    /** The position vectors have to fit into the embedding and into the stream of both networks. */
    private void checkLocalStart(ModelConfig model) {
        String key = "model.initialization.position_dimensions";
        int dimensions = model.initialization().positionDimensions();
        int generator = model.generator().hiddenSize();
        int discriminator = model.discriminator().hiddenSize();
        check(dimensions % 2 == 0, key, "an even number");
        checkAtMost(dimensions, model.embeddingSize(), key, "model.embedding_size");
        checkAtMost(dimensions, generator, key, "model.generator.hidden_size");
        checkAtMost(dimensions, discriminator, key, "model.discriminator.hidden_size");
    }

    private void checkAtMost(int value, int limit, String key, String limitKey) {
        check(value <= limit, key, "at most " + limitKey + ", " + limit + ", where the scheme is local");
    }

    private void check(boolean allowed, String key, String expected) {
        if (!allowed) {
            violations.add(new Violation(key, ConfigText.scalar(valueOf(key)), expected));
        }
    }

    private Object valueOf(String key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalStateException("no value for " + key);
        }
        return value;
    }

    private static String describe(Range range) {
        List<String> bounds = new ArrayList<>();
        if (range.min() != Double.NEGATIVE_INFINITY) {
            bounds.add("at least " + number(range.min()));
        }
        if (range.above() != Double.NEGATIVE_INFINITY) {
            bounds.add("above " + number(range.above()));
        }
        if (range.max() != Double.POSITIVE_INFINITY) {
            bounds.add("at most " + number(range.max()));
        }
        if (range.below() != Double.POSITIVE_INFINITY) {
            bounds.add("below " + number(range.below()));
        }
        return String.join(" and ", bounds);
    }

    private static String number(double bound) {
        return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
}
