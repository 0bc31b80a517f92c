package dev.changeling.model;

import dev.changeling.config.InitializationConfig;
import dev.changeling.config.ModelConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.HostCopy;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Starting weights. A tensor's weights are a function of the seed and its name, whatever else the model holds.
 *
 * <p>Weights are drawn from a normal distribution cut at two standard deviations, biases start at 0 and LayerNorms at 1
 * and 0 (google model/modeling.py, as BERT). {@link LocalInitialization} then changes some of them if the model is
 * configured so.
 */
public final class Initialization {
    private Initialization() {}

    /** Sets every parameter of a model. */
    public static void apply(Electra model, ModelConfig config, long seed) {
        InitializationConfig initialization = config.initialization();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            apply(model.parameters(), name -> true, initialization.standardDeviation(), seed);
            if (initialization.scheme() == InitializationConfig.Scheme.LOCAL) {
                new LocalInitialization(config).apply(model.parameters().parts());
            }
        }
    }

    /**
     * Sets some parameters of a network, as the standard scheme does: a new head on a trunk, or all.
     *
     * @param which by full name
     * @param deviation of the weights, before the cut
     */
    public static void apply(ParameterStore parameters, Predicate<String> which, double deviation, long seed) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Parameter parameter : parameters.parameters()) {
                for (Parameter.Part part : parameter.parts()) {
                    if (which.test(part.name())) {
                        HostCopy.fromFloats(start(part, parameter.kind(), deviation, seed), part.tensor());
                    }
                }
            }
        }
    }

    private static float[] start(Parameter.Part part, Parameter.Kind kind, double deviation, long seed) {
        float[] values = new float[Math.toIntExact(part.tensor().numel())];
        switch (kind) {
            case WEIGHT -> {
                RandomStream random = RandomStream.of(seed, Purpose.INITIALIZATION, hash(part.name()));
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * truncatedNormal(random));
                }
            }
            case NORM_WEIGHT -> java.util.Arrays.fill(values, 1);
            case DIFFERENCE, BIAS, NORM_BIAS -> {}
        }
        return values;
    }

    /** Draws from the standard normal distribution cut at ±2, by the method of Box and Muller. */
    private static double truncatedNormal(RandomStream random) {
        while (true) {
            double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
            double normal = radius * Math.cos(2 * Math.PI * random.nextDouble());
            if (Math.abs(normal) <= 2) {
                return normal;
            }
        }
    }

    private static long hash(String name) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
