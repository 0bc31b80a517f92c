package dev.changeling.cli;

import dev.changeling.tensor.Engine;
import dev.changeling.tensor.EngineReport;
import dev.changeling.tensor.Product;
import dev.changeling.tensor.ProductRate;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code doctor}: what this machine offers, and what to change. */
@Command(
        name = "doctor",
        description = "Shows what this machine and the engine offer, and says what to change.",
        footer = {
            "%nExit code 1 if the engine can't be loaded.",
            "%nExample:",
            "  changeling doctor --json > machine.json"
        })
final class DoctorCommand implements Callable<Integer> {
    private static final List<String> VARIABLES = List.of(
            "JAVA_HOME",
            "CHANGELING_JAVA_OPTS",
            "OMP_WAIT_POLICY",
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "GLIBC_TUNABLES",
            "LD_PRELOAD",
            "CUDA_VISIBLE_DEVICES");

    @Option(names = "--json", description = "Write one JSON object in place of text.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Diagnosis diagnosis = diagnose();
        List<String> advice = Advice.of(diagnosis);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .build()
                    .writeValueAsString(Map.of("diagnosis", diagnosis, "advice", advice)));
        } else {
            print(diagnosis, advice, out);
        }
        return diagnosis.engine() == null ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static Diagnosis diagnose() {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        environment.keySet().retainAll(VARIABLES);
        Machine machine = Machine.read();
        try {
            Engine cpu = Engine.cpu();
            EngineReport engine = EngineReport.read();
            double gigaflops = new ProductRate(cpu, cpu.sideBySide(), Duration.ofMillis(500))
                    .gigaflops(ProductRate.REFERENCE, Product.Direction.FORWARD);
            return new Diagnosis(
                    Versions.program(), machine, engine, null, EngineReport.hasCudaBuild(), gigaflops, environment);
        } catch (LinkageError e) {
            return new Diagnosis(
                    Versions.program(), machine, null, e.toString(), EngineReport.hasCudaBuild(), 0, environment);
        }
    }

    private static void print(Diagnosis diagnosis, List<String> advice, PrintWriter out) {
        Machine machine = diagnosis.machine();
        line(out, "Changeling", diagnosis.version());
        line(out, "Java", machine.java() + ", " + machine.javaHome());
        line(out, "", "heap up to " + gigabytes(machine.heapBytes()));
        line(out, "System", machine.system());
        line(out, "CPU", machine.cpu() + ", " + machine.processors() + " processors for this process");
        line(out, "Memory", gigabytes(machine.freeMemoryBytes()) + " free of " + gigabytes(machine.memoryBytes()));
        line(out, "Disk", gigabytes(machine.freeDiskBytes()) + " free in " + machine.folder());
        EngineReport engine = diagnosis.engine();
        if (engine == null) {
            line(out, "Engine", "can't be loaded");
        } else {
            line(out, "Engine", "libtorch " + engine.version() + ", " + engine.threads() + " threads");
            line(
                    out,
                    "Kernels",
                    engine.vectors() + ", oneDNN " + (engine.oneDnn() ? "yes" : "no") + ", BLAS " + engine.blas());
            line(out, "Devices", String.join(", ", engine.devices()));
            line(
                    out,
                    "Multiply",
                    String.format(
                            Locale.ROOT,
                            "%.0f GFLOP/s (float32, %d at once of %d×%d by %d×%d)",
                            diagnosis.gigaflops(),
                            engine.threads(),
                            ProductRate.REFERENCE.rows(),
                            ProductRate.REFERENCE.in(),
                            ProductRate.REFERENCE.in(),
                            ProductRate.REFERENCE.out()));
        }
        String name = "Environment";
        for (Map.Entry<String, String> variable : diagnosis.environment().entrySet()) {
            line(out, name, variable.getKey() + "=" + variable.getValue());
            name = "";
        }
        out.println();
        out.println(advice.isEmpty() ? "Nothing to change." : "To change:");
        advice.forEach(sentence -> out.println("- " + sentence));
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-12s", name) + value);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30));
    }
}
