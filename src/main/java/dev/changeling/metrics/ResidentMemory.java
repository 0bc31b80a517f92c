package dev.changeling.metrics;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

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

    /** Returns the largest resident set so far, in bytes, where the system tells (Linux). */
    public static OptionalLong peakBytes() {
        try {
            return Files.isReadable(STATUS)
                    ? field(Files.readAllLines(STATUS, StandardCharsets.UTF_8), "VmHWM:")
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static long parse(List<String> status) {
        return field(status, "VmRSS:").orElseGet(ResidentMemory::heap);
    }

    private static OptionalLong field(List<String> status, String name) {
        for (String line : status) {
            if (line.startsWith(name)) {
                return OptionalLong.of(Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
            }
        }
        return OptionalLong.empty();
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
