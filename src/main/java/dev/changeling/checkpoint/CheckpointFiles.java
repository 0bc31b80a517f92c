package dev.changeling.checkpoint;

import dev.changeling.disk.Disk;
import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one checkpoint: {@code tensors.safetensors} and {@code state.json}, {@code manifest.json} with the
 * length and the hash of both, and {@code DONE} with the hash of the manifest, written last.
 */
final class CheckpointFiles {
    static final String TENSORS = "tensors.safetensors";
    static final String STATE = "state.json";
    static final String MANIFEST = "manifest.json";
    static final String DONE = "DONE";

    private static final int VERSION = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private CheckpointFiles() {}

    /** What {@code manifest.json} holds. */
    private record Manifest(int version, Map<String, Disk.Written> files) {}

    /** The checkpoint can't be used; the message says why. */
    static final class Damage extends Exception {
        private static final long serialVersionUID = 1L;

        Damage(String reason) {
            super(reason);
        }

        Damage(String reason, Throwable cause) {
            super(reason, cause);
        }
    }

    static void write(Path folder, Progress progress, List<NamedArray> tensors, Disk disk) throws IOException {
        Map<String, Disk.Written> files = new TreeMap<>();
        files.put(
                TENSORS,
                disk.write(folder.resolve(TENSORS), channel -> SafetensorsWriter.write(channel, tensors, Map.of())));
        files.put(STATE, disk.write(folder.resolve(STATE), json(progress)));
        byte[] manifest = json(new Manifest(VERSION, files));
        disk.write(folder.resolve(MANIFEST), manifest);
        disk.write(folder.resolve(DONE), (Sha256.of(manifest) + "\n").getBytes(StandardCharsets.UTF_8));
        disk.forceFolder(folder);
    }

    /** Reads a checkpoint and compares every byte of it with its hash. */
    static Checkpoint verify(Path folder) throws Damage {
        byte[] done = read(folder, DONE);
        byte[] manifestBytes = read(folder, MANIFEST);
        if (!new String(done, StandardCharsets.UTF_8).equals(Sha256.of(manifestBytes) + "\n")) {
            throw new Damage("DONE doesn't hold the hash of manifest.json");
        }
        try {
            Manifest manifest = JSON.readValue(manifestBytes, Manifest.class);
            if (manifest.version() != VERSION) {
                throw new Damage("format version " + manifest.version() + ", expected " + VERSION);
            }
            for (Map.Entry<String, Disk.Written> file : manifest.files().entrySet()) {
                verify(folder.resolve(file.getKey()), file.getValue());
            }
            Progress progress = JSON.readValue(read(folder, STATE), Progress.class);
            return new Checkpoint(folder, progress);
        } catch (JacksonException e) {
            throw new Damage("can't be understood: " + e.getOriginalMessage(), e);
        }
    }

    private static void verify(Path file, Disk.Written expected) throws Damage {
        try {
            long size = Files.size(file);
            if (size != expected.bytes()) {
                throw new Damage(file.getFileName() + " has " + size + " bytes, expected " + expected.bytes());
            }
            if (!Sha256.of(file).equals(expected.sha256())) {
                throw new Damage(file.getFileName() + " doesn't match its checksum");
            }
        } catch (NoSuchFileException e) {
            throw new Damage("has no " + file.getFileName(), e);
        } catch (IOException e) {
            throw new Damage(file.getFileName() + " can't be read: " + FileFailure.reason(e), e);
        }
    }

    private static byte[] read(Path folder, String name) throws Damage {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (NoSuchFileException e) {
            throw new Damage("has no " + name, e);
        } catch (IOException e) {
            throw new Damage(name + " can't be read: " + FileFailure.reason(e), e);
        }
    }

    private static byte[] json(Object value) {
        return (JSON.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
