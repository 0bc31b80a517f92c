package dev.changeling.training;

import dev.changeling.config.OptimizerConfig;
import dev.changeling.config.OptimizerConfig.Update;
import dev.changeling.model.NetworkPart;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterGroup;
import dev.changeling.model.ParameterStore;
import dev.changeling.tensor.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/** One optimizer over both networks, or one for each. */
final class Optimizers implements AutoCloseable {
    private static final String PREFIX = "optimizer.";
    private static final String FIRST_MOMENT = "first_moment.";
    private static final String SECOND_MOMENT = "second_moment.";

    private final ParameterStore parameters;
    private final Map<String, AdamW> byName;

    private Optimizers(ParameterStore parameters, Map<String, AdamW> byName) {
        this.parameters = parameters;
        this.byName = byName;
    }

    /** Prepares optimizers whose state is 0. */
    static Optimizers of(Engine engine, ParameterStore parameters, OptimizerConfig config) {
        Map<String, AdamW> byName = new LinkedHashMap<>();
        boolean made = false;
        try {
            if (config.update() == Update.TOGETHER) {
                byName.put(
                        "",
                        new AdamW(
                                engine,
                                parameters,
                                config,
                                groups(
                                        parameters,
                                        name -> NetworkPart.of(name).isGenerators()
                                                ? config.generatorRateFactor()
                                                : 1)));
            } else {
                byName.put(
                        "generator.",
                        new AdamW(
                                engine,
                                parameters,
                                config,
                                groups(
                                        parameters,
                                        name -> NetworkPart.of(name).isDiscriminators()
                                                ? 0
                                                : config.generatorRateFactor())));
                byName.put(
                        "discriminator.",
                        new AdamW(
                                engine,
                                parameters,
                                config,
                                groups(parameters, name -> NetworkPart.of(name).isGenerators() ? 0 : 1)));
            }
            made = true;
        } finally {
            if (!made) {
                byName.values().forEach(AdamW::close);
            }
        }
        return new Optimizers(parameters, byName);
    }

    private static List<ParameterGroup> groups(ParameterStore parameters, ToDoubleFunction<String> rateFactor) {
        return parameters.groups(rateFactor).stream()
                .filter(group -> group.rateFactor() != 0)
                .toList();
    }

    /** Returns whether each network has an optimizer of its own. */
    boolean isApart() {
        return byName.size() > 1;
    }

    AdamW ofBoth() {
        return named("");
    }

    AdamW ofGenerator() {
        return named("generator.");
    }

    AdamW ofDiscriminator() {
        return named("discriminator.");
    }

    private AdamW named(String name) {
        AdamW optimizer = byName.get(name);
        if (optimizer == null) {
            throw new IllegalStateException("there is no optimizer '" + name + "'");
        }
        return optimizer;
    }

    /** Returns the norm of all parameters as one vector. Not finite if any parameter is not. */
    double weightNorm() {
        return byName.values().iterator().next().weightNorm();
    }

    /**
     * Returns what the gradient of the generator's losses was divided by in the last step, times any factor, in the
     * order of the flat buffer.
     */
    Tensor generatorDeviation() {
        return (isApart() ? ofGenerator() : ofBoth()).deviation();
    }

    /** Returns the same of the discriminator's. */
    Tensor discriminatorDeviation() {
        return (isApart() ? ofDiscriminator() : ofBoth()).deviation();
    }

    /** Returns the moments under the names of the parameters, with a prefix. */
    Map<String, Parameter.Part> tensors() {
        Map<String, Parameter.Part> tensors = new LinkedHashMap<>();
        byName.forEach((name, optimizer) -> {
            parameters
                    .partsIn(optimizer.firstMoment())
                    .forEach((of, part) -> tensors.put(PREFIX + name + FIRST_MOMENT + of, part));
            parameters
                    .partsIn(optimizer.secondMoment())
                    .forEach((of, part) -> tensors.put(PREFIX + name + SECOND_MOMENT + of, part));
        });
        return tensors;
    }

    @Override
    public void close() {
        byName.values().forEach(AdamW::close);
    }
}
