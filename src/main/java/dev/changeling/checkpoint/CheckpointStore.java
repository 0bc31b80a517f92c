package dev.changeling.checkpoint;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The checkpoints of a run, one folder each. A checkpoint appears whole or not at all, at whatever moment the process
 * or the machine dies: it is written under another name, forced to the disk, and renamed.
 *
 * <p>One process at a time may save and prune; {@link RunFolder} sees to that. The byte format is in
 * {@code docs/formats.md}.
 */
public final class CheckpointStore {
    private static final Pattern NAME = Pattern.compile("step-([0-9]{8,18})");
    private static final String SAVING = ".saving-";
    private static final String DELETED = ".deleted-";

    private final Path folder;
    private final Disk disk;

    /** Checkpoints known to be whole, so that pruning needn't read them again. */
    private final Map<Path, Checkpoint> whole = new HashMap<>();

    /** @param folder {@code checkpoints/} of a run; made by the first save */
    public CheckpointStore(Path folder) {
        this(folder, operation -> {});
    }

    CheckpointStore(Path folder, Consumer<String> observer) {
        this.folder = folder;
        this.disk = new Disk(observer);
    }

    /**
     * What a search found.
     *
     * @param checkpoint the newest whole one
     * @param passedOver newer ones that can't be used
     */
    public record Found(Optional<Checkpoint> checkpoint, List<Damaged> passedOver) {}

    /**
     * A checkpoint that can't be used.
     *
     * @param folder where it is
     * @param reason what is wrong with it
     */
    public record Damaged(Path folder, String reason) {}

    /**
     * Saves a checkpoint. If a whole one of this step is there already, it stays as it is; a damaged one is replaced.
     *
     * @param tensors with distinct names
     * @return the checkpoint, whole and on the disk
     * @throws InputException if it can't be written, to a full disk for example; earlier checkpoints are untouched
     */
    public Checkpoint save(Progress progress, List<NamedArray> tensors) {
        String name = String.format(Locale.ROOT, "step-%08d", progress.step());
        Path target = folder.resolve(name);
        Path saving = folder.resolve(SAVING + name);
        try {
            Files.createDirectories(folder);
            removeLeftovers();
            Optional<Checkpoint> existing = wholeAt(target);
            if (existing.isPresent()) {
                return existing.get();
            }
            disk.createFolder(saving);
            CheckpointFiles.write(saving, progress, tensors, disk);
            if (Files.exists(target)) {
                disk.move(target, folder.resolve(DELETED + name));
            }
            disk.move(saving, target);
            Checkpoint saved = new Checkpoint(target, progress);
            whole.put(target, saved);
            removeLeftovers();
            return saved;
        } catch (IOException e) {
            tryToDelete(saving, e);
            throw new InputException(
                    target + ": can't save the checkpoint: " + FileFailure.reason(target, e)
                            + "; earlier checkpoints are untouched",
                    e);
        }
    }

    /**
     * Finds the newest whole checkpoint, comparing every byte with its checksum.
     *
     * @throws InputException if the folder can't be read
     */
    public Found latest() {
        List<Damaged> passedOver = new ArrayList<>();
        for (Path candidate : newestFirst()) {
            try {
                Checkpoint checkpoint = CheckpointFiles.verify(candidate);
                whole.put(candidate, checkpoint);
                return new Found(Optional.of(checkpoint), passedOver);
            } catch (CheckpointFiles.Damage e) {
                passedOver.add(new Damaged(candidate, String.valueOf(e.getMessage())));
            }
        }
        return new Found(Optional.empty(), passedOver);
    }

    /**
     * Returns the whole checkpoint with the lowest score, the newest of equals.
     *
     * @throws InputException if the folder can't be read
     */
    public Optional<Checkpoint> best() {
        return best(wholeNewestFirst());
    }

    /**
     * Deletes all whole checkpoints but the newest, and the best if wanted. Damaged ones neither count nor are deleted.
     *
     * @param keep how many of the newest stay, at least 1
     * @param keepBest whether the one with the lowest score stays too
     * @throws InputException if one can't be deleted
     */
    public void prune(int keep, boolean keepBest) {
        if (keep < 1) {
            throw new IllegalArgumentException("keep must be at least 1, not " + keep);
        }
        List<Checkpoint> checkpoints = wholeNewestFirst();
        Optional<Checkpoint> best = keepBest ? best(checkpoints) : Optional.empty();
        try {
            for (Checkpoint checkpoint : checkpoints.subList(Math.min(keep, checkpoints.size()), checkpoints.size())) {
                if (!best.equals(Optional.of(checkpoint))) {
                    Path doomed = checkpoint.folder();
                    // Renamed first: a half-deleted checkpoint must not look like a damaged one.
                    disk.move(doomed, folder.resolve(DELETED + doomed.getFileName()));
                    whole.remove(doomed);
                }
            }
            removeLeftovers();
        } catch (IOException e) {
            throw new InputException(folder + ": can't delete an old checkpoint: " + FileFailure.reason(folder, e), e);
        }
    }

    private static Optional<Checkpoint> best(List<Checkpoint> newestFirst) {
        return newestFirst.stream()
                .filter(checkpoint -> score(checkpoint) < Double.POSITIVE_INFINITY)
                .min(Comparator.comparingDouble(CheckpointStore::score));
    }

    private static double score(Checkpoint checkpoint) {
        Double score = checkpoint.progress().score();
        return score == null || score.isNaN() ? Double.POSITIVE_INFINITY : score;
    }

    private List<Checkpoint> wholeNewestFirst() {
        List<Checkpoint> checkpoints = new ArrayList<>();
        newestFirst().forEach(candidate -> wholeAt(candidate).ifPresent(checkpoints::add));
        return checkpoints;
    }

    private Optional<Checkpoint> wholeAt(Path candidate) {
        Checkpoint known = whole.get(candidate);
        if (known == null && Files.isDirectory(candidate)) {
            try {
                known = CheckpointFiles.verify(candidate);
                whole.put(candidate, known);
            } catch (CheckpointFiles.Damage e) {
                return Optional.empty();
            }
        }
        return Optional.ofNullable(known);
    }

    private List<Path> newestFirst() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> candidates = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (NAME.matcher(String.valueOf(entry.getFileName())).matches()) {
                    candidates.add(entry);
                }
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(folder, e);
        }
        candidates.sort(Comparator.comparingLong(CheckpointStore::stepOf).reversed());
        return candidates;
    }

    private static long stepOf(Path candidate) {
        return Long.parseLong(String.valueOf(candidate.getFileName()).substring("step-".length()));
    }

    /** Deletes what a killed save or prune left behind. */
    private void removeLeftovers() throws IOException {
        List<Path> leftovers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(SAVING) || name.startsWith(DELETED)) {
                    leftovers.add(entry);
                }
            }
        }
        for (Path leftover : leftovers) {
            disk.deleteFolder(leftover);
        }
    }

    private void tryToDelete(Path saving, IOException failure) {
        try {
            if (Files.exists(saving)) {
                disk.deleteFolder(saving);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }
}
