package dev.changeling.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine and the Java that this process runs on.
 *
 * @param java its version and vendor
 * @param javaHome where it is installed
 * @param heapBytes the largest heap it allows
 * @param system name, version and architecture of the operating system
 * @param cpu the processor's name
 * @param processors logical processors that this process may use
 * @param memoryBytes the machine's memory
 * @param freeMemoryBytes of it, what programs may still take
 * @param folder the current folder
 * @param freeDiskBytes what may still be written there
 * @param nvidia whether the system has an NVIDIA device, of use to the engine or not
 */
record Machine(
        String java,
        String javaHome,
        long heapBytes,
        String system,
        String cpu,
        int processors,
        long memoryBytes,
        long freeMemoryBytes,
        String folder,
        long freeDiskBytes,
        boolean nvidia) {

    static Machine read() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        File folder = Path.of("").toAbsolutePath().toFile();
        return new Machine(
                Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("java.home"),
                Runtime.getRuntime().maxMemory(),
                system.getName() + " " + system.getVersion() + " " + system.getArch(),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                // What caches hold counts as free, where the system tells it.
                field("/proc/meminfo", "MemAvailable")
                        .map(text -> Long.parseLong(text.replace(" kB", "")) * 1024)
                        .orElse(system.getFreeMemorySize()),
                folder.getPath(),
                folder.getUsableSpace(),
                Files.exists(Path.of("/dev/nvidiactl")));
    }

    /** Whether the operating system is Linux. */
    boolean isLinux() {
        return system.toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static String processor() {
        return field("/proc/cpuinfo", "model name")
                .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                .orElse("unknown");
    }

    /** Returns the value of the first line {@code name: value}, or nothing where there is no such file or line. */
    private static Optional<String> field(String file, String name) {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(path)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
