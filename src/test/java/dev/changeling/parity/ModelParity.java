package dev.changeling.parity;

import dev.changeling.TestBatches;
import dev.changeling.TestConfigs;
import dev.changeling.batch.Batch;
import dev.changeling.config.InitializationConfig.Scheme;
import dev.changeling.config.NetworkConfig;
import dev.changeling.model.PackedInput;
import dev.changeling.model.Parameter;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Our networks beside Hugging Face's, for one shape and one class: the same weights, the same padded batch.
 *
 * @param logits largest absolute difference of a logit of a real token (or of a sequence)
 * @param loss relative difference of the loss
 * @param gradients for each parameter under Hugging Face's name, the largest absolute difference of a gradient in it,
 *     as a part of the largest gradient in it. The gradient of a key's bias is 0 but for rounding, since what it adds
 *     to a query's scores is the same for all keys: it is measured by the largest gradient of the query's bias.
 */
record ModelParity(double logits, double loss, Map<String, Double> gradients) {
    static final List<String> SHAPES =
            List.of("tied", "narrow-embeddings", "wide-embeddings", "one-head", "odd", "one-long-row");

    static ModelParity of(Architecture architecture, String shape) throws Exception {
        Engine engine = TestConfigs.engine();
        try (Fixture fixture = Fixture.open("model/" + shape + ".safetensors")) {
            NetworkConfig network = Fixture.network(fixture.settings());
            Architecture.Network ours = architecture.build(
                    engine,
                    Fixture.model(fixture.settings(), network, network, TestConfigs.model(Scheme.STANDARD)),
                    fixture.settings().get("vocab_size").intValue(),
                    fixture.settings().get("num_labels").intValue());
            try (AutoCloseable owner = ours.owner();
                    Engine.Scope scope = engine.scope()) {
                read(fixture, ours);
                return compare(engine, fixture, architecture, ours);
            }
        }
    }

    private static void read(Fixture fixture, Architecture.Network ours) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            partsOf(ours, ours.parameters().parts()).forEach((name, part) -> fixture.copy("weights/" + name, part));
        }
    }

    private static ModelParity compare(
            Engine engine, Fixture fixture, Architecture architecture, Architecture.Network ours) {
        Batch batch = TestBatches.padded(
                fixture.ints("input/tokens"), fixture.ints("input/segments"), fixture.ints("input/lengths"), 1);
        String reference = architecture.name() + "/";
        Architecture.Pass pass =
                ours.forward().run(PackedInput.of(engine, batch), batch, fixture.ints(reference + "labels"));
        pass.loss().backward();

        Map<String, float[]> gradients = new LinkedHashMap<>();
        partsOf(ours, ours.parameters().partsIn(ours.parameters().gradients()))
                .forEach((name, part) -> gradients.put(name, HostCopy.toFloats(part.tensor())));
        if (!gradients.keySet().equals(fixture.namesUnder(reference + "gradient/"))) {
            throw new IllegalStateException("parameters " + gradients.keySet() + ", but the reference has "
                    + fixture.namesUnder(reference + "gradient/"));
        }
        Map<String, Double> errors = new LinkedHashMap<>();
        gradients.forEach((name, actual) -> {
            String measure = name.replace("self.key.bias", "self.query.bias");
            double scale = Deviation.largest(fixture.floats(reference + "gradient/" + measure));
            double difference = Deviation.absolute(actual, fixture.floats(reference + "gradient/" + name));
            errors.put(name, difference / scale);
        });
        return new ModelParity(
                Deviation.absolute(
                        HostCopy.toFloats(pass.logits()),
                        realRows(
                                fixture.floats(reference + "logits"),
                                batch,
                                pass.logits().size(0))),
                Deviation.relative(pass.loss().item_double(), fixture.floats(reference + "loss")[0]),
                errors);
    }

    /** Returns a network's own parameters under Hugging Face's names. */
    private static Map<String, Parameter.Part> partsOf(
            Architecture.Network network, Map<String, Parameter.Part> parts) {
        Map<String, Parameter.Part> own = new LinkedHashMap<>();
        parts.forEach((name, part) -> network.prefixes().stream()
                .filter(name::startsWith)
                .forEach(prefix -> own.put(name.substring(prefix.length()), part)));
        return own;
    }

    /** Returns the reference's logits without those of padding, if they are one row a token. */
    private static float[] realRows(float[] logits, Batch batch, long rows) {
        if (rows == batch.rows()) {
            return logits;
        }
        int columns = logits.length / batch.tokens().length;
        float[] real = new float[Math.toIntExact(rows) * columns];
        int[] places = Architecture.realOf(batch);
        IntStream.range(0, places.length)
                .forEach(i -> System.arraycopy(logits, places[i] * columns, real, i * columns, columns));
        return real;
    }
}
