package dev.changeling.cli;

import dev.changeling.bench.GemmBench;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.UsageException;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.Product;
import dev.changeling.tensor.ProductRate;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench gemm}: the matrix products of a training step. */
@Command(
        name = "gemm",
        description = {
            "Measures every matrix product of a training step by itself: forward, and both of the backward pass.",
            "As in a step on the CPU, as many threads as there are multiply at once, a product of its own each; the"
                    + " rates are of all together."
        },
        customSynopsis = "changeling bench gemm [--config PRESET|FILE] [OPTION]...",
        footer = {
            "%nExamples:",
            "  changeling bench gemm --config small",
            "  changeling bench gemm --config tiny --vocabulary 8000 --threads 1 --json"
        })
final class BenchGemmCommand implements Callable<Integer> {
    @Mixin
    private ConfigArguments config;

    @Option(
            names = "--length",
            paramLabel = "N",
            defaultValue = "128",
            converter = PositiveConverter.class,
            description = "Tokens a row. Default: ${DEFAULT-VALUE}.")
    private int length;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "30522",
            converter = PositiveConverter.class,
            description = "Tokens in the vocabulary. Default: ${DEFAULT-VALUE}, as BERT's.")
    private int vocabulary;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = ThreadsArgument.CountConverter.class,
            description = "How many multiply at once. Default: training.threads.")
    private int threads;

    @Option(
            names = "--milliseconds",
            paramLabel = "N",
            defaultValue = "300",
            converter = PositiveConverter.class,
            description = "How long each rate is measured. Default: ${DEFAULT-VALUE}.")
    private int milliseconds;

    @Mixin
    private JsonArgument json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        RunConfig settings = config.load();
        if (length > settings.model().maxPositions()) {
            throw new UsageException("--length is " + length + ", expected at most model.max_positions, "
                    + settings.model().maxPositions());
        }
        TrainingConfig training = settings.training();
        Engine engine =
                Engine.start(training.device(), training.precision(), threads > 0 ? threads : training.threads());
        ProductRate rate = new ProductRate(engine, engine.sideBySide(), Duration.ofMillis(milliseconds));
        StatusLine status = StatusLine.on(spec.commandLine().getErr());
        double reference;
        List<GemmBench.Rates> rates;
        try {
            reference = rate.gigaflops(ProductRate.REFERENCE, Product.Direction.FORWARD);
            rates = GemmBench.run(
                    rate,
                    GemmBench.products(settings, length, vocabulary),
                    next -> status.show(() -> next.network() + ", " + next.name()));
        } finally {
            status.clear();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json.isGiven()) {
            JsonArgument.write(byName(engine, reference, rates), out);
        } else {
            print(engine, reference, rates, out);
        }
        return ExitCode.DONE;
    }

    private Map<String, Object> byName(Engine engine, double reference, List<GemmBench.Rates> rates) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("config", config.name());
        names.put("device", engine.device());
        names.put("threads", engine.threads());
        names.put("reference_gflops", reference);
        List<Map<String, Object>> products = new ArrayList<>();
        for (GemmBench.Rates rate : rates) {
            Product product = rate.of().product();
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("network", rate.of().network());
            one.put("layer", rate.of().name());
            one.put("count", product.count());
            one.put("rows", product.rows());
            one.put("in", product.in());
            one.put("out", product.out());
            one.put("forward_gflops", rate.forward());
            one.put("input_gradient_gflops", rate.inputGradient());
            one.put("weight_gradient_gflops", rate.weightGradient());
            products.add(one);
        }
        names.put("products", products);
        return names;
    }

    private void print(Engine engine, double reference, List<GemmBench.Rates> rates, PrintWriter out) {
        out.println(format(
                "%s on %s, %d products at once: GFLOP/s of all together, undisturbed",
                config.name(), engine.device(), engine.sideBySide()));
        out.println(format(
                "for comparison, %d×%d by %d×%d: %.1f",
                ProductRate.REFERENCE.rows(),
                ProductRate.REFERENCE.in(),
                ProductRate.REFERENCE.in(),
                ProductRate.REFERENCE.out(),
                reference));
        String network = "";
        for (GemmBench.Rates rate : rates) {
            if (!rate.of().network().equals(network)) {
                network = rate.of().network();
                out.println();
                out.println(format("%-22s %-26s %9s %9s %9s", network, "X by Wᵀ", "X·Wᵀ", "dY·W", "dYᵀ·X"));
            }
            out.println(format(
                    "  %-20s %-26s %9.1f %9.1f %9.1f",
                    rate.of().name(),
                    shape(rate.of().product()),
                    rate.forward(),
                    rate.inputGradient(),
                    rate.weightGradient()));
        }
    }

    private static String shape(Product product) {
        String one = format("%d×%d by %d×%d", product.rows(), product.in(), product.in(), product.out());
        return product.count() == 1 ? one : format("%d times %s", product.count(), one);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
