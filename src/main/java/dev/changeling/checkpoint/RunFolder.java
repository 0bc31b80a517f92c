package dev.changeling.checkpoint;

import dev.changeling.config.ConfigDifference;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folder of a run, which tells everything about it: {@code config.yaml} (resolved, complete),
 * {@code provenance.json} (one entry for each start), {@code metrics.jsonl}, {@code samples.jsonl},
 * {@code tensorboard/}, {@code checkpoints/} and the finished networks under {@code model/}. One process at a time
 * holds it.
 *
 * <p>A run may be resumed with other settings for metrics, checkpoints and evaluation, which don't touch the numbers;
 * with another device or number of threads, which change their last digits, it goes on with a warning. Any other
 * difference is refused.
 */
public final class RunFolder implements AutoCloseable {
    private static final String CONFIG = "config.yaml";
    private static final Set<String> BEFORE_CONFIG =
            Set.of(FolderLock.FILE, ProvenanceFile.NAME, ProvenanceFile.NAME + Disk.TEMPORARY, CONFIG + Disk.TEMPORARY);

    private final Path folder;
    private final FolderLock lock;
    private final List<String> warnings;
    private final CheckpointStore checkpoints;

    private RunFolder(Path folder, FolderLock lock, List<String> warnings) {
        this.folder = folder;
        this.lock = lock;
        this.warnings = List.copyOf(warnings);
        this.checkpoints = checkpoints(folder);
    }

    /**
     * Makes the folder of a new run and locks it.
     *
     * @throws InputException if it holds a run or other files already, another process is in it, or it can't be written
     */
    public static RunFolder create(Path folder, RunConfig config, Provenance provenance) {
        if (!Files.exists(folder.resolve(CONFIG))) {
            // Before the lock too, which would be one more file in somebody else's folder.
            refuseOtherFiles(folder);
        }
        return locked(folder, lock -> {
            if (Files.exists(folder.resolve(CONFIG))) {
                throw new InputException(
                        folder + ": already holds a run; expected another folder, or --resume to go on with it");
            }
            refuseOtherFiles(folder);
            Disk disk = new Disk();
            Files.deleteIfExists(folder.resolve(ProvenanceFile.NAME));
            ProvenanceFile.add(folder.resolve(ProvenanceFile.NAME), provenance, disk);
            disk.replace(folder.resolve(CONFIG), config.toYaml().getBytes(StandardCharsets.UTF_8));
            return new RunFolder(folder, lock, List.of());
        });
    }

    /**
     * Locks the folder of a run that was stopped, to go on with it.
     *
     * @throws InputException if it holds no run, or one of another configuration or other data, another process is in
     *     it, or it can't be written
     */
    public static RunFolder resume(Path folder, RunConfig config, Provenance provenance) {
        RunConfig before = configOf(folder);
        return locked(folder, lock -> {
            refuseOther(folder, before, config, provenance.inputs());
            Path provenanceFile = folder.resolve(ProvenanceFile.NAME);
            List<ConfigDifference> changed = new ArrayList<>(
                    RunIdentity.withoutObservation(before).differencesFrom(RunIdentity.withoutObservation(config)));
            ProvenanceFile.last(provenanceFile).ifPresent(last -> addEngineDifferences(last, provenance, changed));
            List<String> warnings = RunIdentity.describe(changed).stream()
                    .map(difference -> folder + ": " + difference + ": the last digits of the losses may differ from "
                            + "those of a run that was never stopped")
                    .toList();
            Disk disk = new Disk();
            ProvenanceFile.add(provenanceFile, provenance, disk);
            disk.replace(folder.resolve(CONFIG), config.toYaml().getBytes(StandardCharsets.UTF_8));
            return new RunFolder(folder, lock, warnings);
        });
    }

    /**
     * Refuses the folder of a run that can't be gone on with, without locking it.
     *
     * @param inputs SHA-256 of what the run reads, by name
     * @throws InputException if it holds no run, or one of another configuration or other data
     */
    public static void requireSame(Path folder, RunConfig config, Map<String, String> inputs) {
        try {
            refuseOther(folder, configOf(folder), config, inputs);
        } catch (IOException e) {
            throw FileFailure.unreadable(folder.resolve(ProvenanceFile.NAME), e);
        }
    }

    private static void refuseOther(Path folder, RunConfig before, RunConfig config, Map<String, String> inputs)
            throws IOException {
        RunIdentity.requireSame(folder, before, config);
        ProvenanceFile.refuseOtherInputs(folder.resolve(ProvenanceFile.NAME), inputs);
    }

    /**
     * Returns the configuration of a run, without locking it.
     *
     * @throws InputException if the folder holds no run
     */
    public static RunConfig configOf(Path folder) {
        Path file = folder.resolve(CONFIG);
        if (Files.notExists(file)) {
            throw new InputException(folder + ": holds no run (no " + CONFIG + ")");
        }
        return ConfigLoader.load(file);
    }

    /**
     * Returns the SHA-256 of what a run was started on, by name, as its provenance tells; empty if that is gone.
     *
     * @throws InputException if the provenance can't be read
     */
    public static Map<String, String> inputsOf(Path folder) {
        Path file = folder.resolve(ProvenanceFile.NAME);
        try {
            return ProvenanceFile.inputs(file);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * Returns where the run's numbers come from, the first start first; none if its provenance is gone.
     *
     * @throws InputException if the provenance can't be read
     */
    public static List<Provenance> startsOf(Path folder) {
        Path file = folder.resolve(ProvenanceFile.NAME);
        try {
            return ProvenanceFile.read(file);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * Returns a hash of what decides a run's numbers: two configurations that a run may be resumed between have the
     * same.
     */
    public static String fingerprint(RunConfig config) {
        return Sha256.of(RunIdentity.of(config).toYaml().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what changed since the last start that may show in the last digits; a line each. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * Finds the newest whole checkpoint.
     *
     * @param config of this run
     * @throws InputException if the checkpoint is of another configuration
     */
    public CheckpointStore.Found latestCheckpoint(RunConfig config) {
        CheckpointStore.Found found = checkpoints.latest();
        Optional<Checkpoint> other = found.checkpoint()
                .filter(checkpoint -> !checkpoint.progress().configFingerprint().equals(fingerprint(config)));
        if (other.isPresent()) {
            throw new InputException(
                    other.get().folder() + ": is a checkpoint of another configuration than " + folder.resolve(CONFIG));
        }
        return found;
    }

    /** Returns the folder itself. */
    public Path path() {
        return folder;
    }

    /**
     * Returns the store of {@code checkpoints/}, always the same one: it remembers which checkpoints it has checked.
     */
    public CheckpointStore checkpoints() {
        return checkpoints;
    }

    /** Returns the store of {@code checkpoints/} in a run's folder, without locking it. */
    public static CheckpointStore checkpoints(Path run) {
        return new CheckpointStore(run.resolve("checkpoints"));
    }

    /** Returns the file of the numbers, one JSON object a line. */
    public Path metrics() {
        return metrics(folder);
    }

    /** Returns the file of the numbers in a run's folder, without locking it. */
    public static Path metrics(Path run) {
        return run.resolve("metrics.jsonl");
    }

    /** Returns the file of corruptions through time, one JSON object a line. */
    public Path samples() {
        return folder.resolve("samples.jsonl");
    }

    /** Returns the folder of the TensorBoard event files. */
    public Path tensorboard() {
        return folder.resolve("tensorboard");
    }

    /** Returns the folder of the finished networks, {@code discriminator} and {@code generator}. */
    public Path models() {
        return folder.resolve("model");
    }

    /**
     * Deletes the folder of a run that was made and could not begin, so that it is in nobody's way, and gives it free.
     */
    public void discard() {
        try {
            // The lock file last, and by the lock itself: whoever has it open must see that it is gone.
            new Disk().emptyFolder(folder, entry -> !entry.endsWith(FolderLock.FILE));
            lock.remove();
            Files.delete(folder);
        } catch (IOException e) {
            // What kept the run from beginning is told already, and matters more.
        } finally {
            close();
        }
    }

    /** Gives the folder free for another process. */
    @Override
    public void close() {
        lock.close();
    }

    private interface Opening {
        RunFolder with(FolderLock lock) throws IOException;
    }

    private static RunFolder locked(Path folder, Opening opening) {
        FolderLock lock = null;
        boolean created = !Files.exists(folder);
        try {
            Files.createDirectories(folder);
            lock = FolderLock.take(folder, "training");
            RunFolder opened = opening.with(lock);
            lock = null;
            return opened;
        } catch (IOException e) {
            throw new InputException(folder + ": can't be used for a run: " + FileFailure.reason(folder, e), e);
        } finally {
            if (lock != null) {
                abandon(folder, lock, created);
            }
        }
    }

    /** Leaves no folder behind, if it can, that the next start would find in its way. */
    private static void abandon(Path folder, FolderLock lock, boolean created) {
        try {
            lock.remove();
            if (created) {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            // What made the start fail is told already, and matters more.
        }
    }

    private static void refuseOtherFiles(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!BEFORE_CONFIG.contains(String.valueOf(entry.getFileName()))) {
                    throw new InputException(
                            folder + ": holds other files (" + entry.getFileName() + "), expected a new folder");
                }
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(folder, e);
        }
    }

    /** The same values, {@code auto} and 0 above all, are another device and other threads on another machine. */
    private static void addEngineDifferences(Provenance last, Provenance now, List<ConfigDifference> changed) {
        boolean deviceChosen =
                changed.stream().anyMatch(difference -> difference.key().equals("training.device"));
        if (!deviceChosen && !last.device().isEmpty() && !last.device().equals(now.device())) {
            changed.add(new ConfigDifference("the engine's device", last.device(), now.device()));
        }
        boolean threadsChosen =
                changed.stream().anyMatch(difference -> difference.key().equals("training.threads"));
        if (!threadsChosen && last.threads() > 0 && last.threads() != now.threads()) {
            changed.add(new ConfigDifference(
                    "the engine's number of threads",
                    Integer.toString(last.threads()),
                    Integer.toString(now.threads())));
        }
    }
}
