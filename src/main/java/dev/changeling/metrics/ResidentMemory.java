package dev.changeling.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory that this process takes from the machine. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /**
     * Returns the resident set in bytes where the system tells (Linux), which counts the engine's memory; elsewhere the
     * Java heap in use, which doesn't.
     */
    public static long bytes() {
        try {
            if (Files.isReadable(STATUS)) {
                return parse(Files.readAllLines(STATUS, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // As good as absent.
        }
        return heap();
    }

    static long parse(List<String> status) {
        for (String line : status) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        return heap();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
