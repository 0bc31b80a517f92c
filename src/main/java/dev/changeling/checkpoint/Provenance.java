package dev.changeling.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where the numbers of a run come from: the program, the machine and the data of one start.
 *
 * @param started when, in UTC
 * @param commandLine as it was given
 * @param seed of every random number
 * @param version of Changeling
 * @param commit of Changeling's sources, or {@code unknown}
 * @param jdk vendor and version of the Java runtime
 * @param os name, version and architecture
 * @param cpu model name
 * @param processors that the JVM may use
 * @param device that the engine computed on, {@code cpu} or {@code cuda}; empty in files from before it was recorded
 * @param threads of the CPU that the engine used; 0 in files from before it was recorded
 * @param versions of other programs that decide the numbers, the engine's for example
 * @param inputs SHA-256 of what was read, by name: vocabulary, tokenizer, shards
 * @param sizes how much that was, by name: {@code train_rows}, {@code train_tokens}; empty in files from before it was
 *     recorded
 */
public record Provenance(
        String started,
        List<String> commandLine,
        long seed,
        String version,
        String commit,
        String jdk,
        String os,
        String cpu,
        int processors,
        String device,
        int threads,
        Map<String, String> versions,
        Map<String, String> inputs,
        Map<String, Long> sizes) {

    /** Sorts the maps, so that the same facts are the same bytes. */
    public Provenance {
        commandLine = List.copyOf(commandLine);
        versions = new TreeMap<>(versions);
        inputs = new TreeMap<>(inputs);
        sizes = new TreeMap<>(sizes);
    }

    /**
     * Describes this process on this machine.
     *
     * @param commandLine as it was given
     * @param seed of every random number
     * @param device that the engine computes on
     * @param threads of the CPU that the engine uses
     * @param versions of the engine and other programs, by name
     * @param inputs SHA-256 of vocabulary, tokenizer and shards, by name
     * @param sizes how much that was, by name
     */
    public static Provenance ofThisProcess(
            List<String> commandLine,
            long seed,
            String device,
            int threads,
            Map<String, String> versions,
            Map<String, String> inputs,
            Map<String, Long> sizes) {
        Properties build = build();
        return new Provenance(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                commandLine,
                seed,
                build.getProperty("version", "unknown"),
                build.getProperty("commit", "unknown"),
                property("java.vendor") + " " + property("java.vm.version"),
                property("os.name") + " " + property("os.version") + " " + property("os.arch"),
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                device,
                threads,
                versions,
                inputs,
                sizes);
    }

    /** Returns the program and the machine for people, each fact by its name. */
    public Map<String, String> origin() {
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("Changeling", version + ", commit " + commit);
        origin.putAll(versions);
        origin.put("JDK", jdk);
        origin.put("operating system", os);
        origin.put("processor", cpu + ", " + processors + " for the program");
        origin.put("device", device.isEmpty() ? "not recorded" : device);
        origin.put("CPU threads", threads == 0 ? "not recorded" : Integer.toString(threads));
        origin.put("started", started);
        return origin;
    }

    private static Properties build() {
        Properties properties = new Properties();
        try (InputStream stream = Provenance.class.getResourceAsStream("build.properties")) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static String cpuModel() {
        Path description = Path.of("/proc/cpuinfo");
        if (Files.isReadable(description)) {
            try {
                for (String line : Files.readAllLines(description, StandardCharsets.UTF_8)) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("model name")) {
                        return line.substring(line.indexOf(':') + 1).strip();
                    }
                }
            } catch (IOException e) {
                // As good as absent.
            }
        }
        return property("os.arch");
    }
}
