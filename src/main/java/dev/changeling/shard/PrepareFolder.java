package dev.changeling.shard;

import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder that a data set is being written to, and the journal that lets another process go on. One preparation at a
 * time holds it.
 */
final class PrepareFolder {
    private static final String SHARD = ".shard";

    private final Path path;
    private final boolean created;
    private final FolderLock lock;
    private PrepareJournal journal;

    private PrepareFolder(Path path, boolean created, FolderLock lock, PrepareJournal journal) {
        this.path = path;
        this.created = created;
        this.lock = lock;
        this.journal = journal;
    }

    /**
     * Begins a data set, or goes on with one that was begun.
     *
     * @throws InputException if the folder holds a finished data set, one begun with other options, or something else,
     *     or another preparation is in it
     */
    static PrepareFolder open(Path path, PrepareOptions options, TokenizerIdentity tokenizer) {
        try {
            // Before the lock too, which would be one more file in somebody else's folder.
            refuseFolderInUse(path, options, tokenizer);
            boolean created = !Files.exists(path);
            Files.createDirectories(path);
            FolderLock lock = FolderLock.take(path, "preparing a data set");
            boolean opened = false;
            try {
                PrepareFolder folder = open(path, created, lock, options, tokenizer);
                opened = true;
                return folder;
            } finally {
                if (!opened) {
                    lock.remove();
                    if (created) {
                        Files.deleteIfExists(path);
                    }
                }
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static PrepareFolder open(
            Path path, boolean created, FolderLock lock, PrepareOptions options, TokenizerIdentity tokenizer)
            throws IOException {
        refuseFolderInUse(path, options, tokenizer);
        if (Files.exists(path.resolve(PrepareJournal.FILE))) {
            PrepareFolder begun = new PrepareFolder(path, false, lock, PrepareJournal.read(path));
            if (begun.resume(options, tokenizer)) {
                return begun;
            }
        }
        refuseOtherFiles(path);
        PrepareFolder fresh = new PrepareFolder(path, created, lock, PrepareJournal.empty(options, tokenizer));
        fresh.journal.write(path);
        return fresh;
    }

    private static void refuseFolderInUse(Path path, PrepareOptions options, TokenizerIdentity tokenizer)
            throws IOException {
        if (Files.exists(path.resolve(DatasetManifest.FILE))) {
            DatasetManifest present = DatasetManifest.read(path);
            boolean same =
                    present.options().equals(options) && present.tokenizer().equals(tokenizer);
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: holds a finished data set already, made with %s; choose another folder, or delete this one",
                    path,
                    same ? "the same options and tokenizer" : "other options or another tokenizer"));
        }
        if (Files.isDirectory(path) && !Files.exists(path.resolve(PrepareJournal.FILE))) {
            refuseOtherFiles(path);
        }
    }

    private static void refuseOtherFiles(Path path) throws IOException {
        // What a process leaves that is killed in its first write; the next first write, under the lock, replaces it.
        Set<String> early = Set.of(FolderLock.FILE, PrepareJournal.FILE + Disk.TEMPORARY);
        for (Path file : list(path, name -> !early.contains(name))) {
            throw new InputException(path + ": holds " + file.getFileName() + "; expected an empty folder, or none");
        }
    }

    /** Clears what an interrupted process left; returns whether whole shards are there to go on after. */
    private boolean resume(PrepareOptions options, TokenizerIdentity tokenizer) throws IOException {
        if (journal.shards().isEmpty()) {
            discard();
            return false;
        }
        if (!journal.options().equals(options) || !journal.tokenizer().equals(tokenizer)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: holds an unfinished data set, begun with other options or another tokenizer (%s); go on with"
                            + " those, or delete the folder",
                    path,
                    journal.options()));
        }
        Set<String> whole =
                journal.shards().stream().map(entry -> entry.shard().file()).collect(Collectors.toSet());
        delete(path, name -> name.endsWith(Disk.TEMPORARY) || (name.endsWith(SHARD) && !whole.contains(name)));
        return true;
    }

    Path path() {
        return path;
    }

    /** Returns the whole training shards, in their order. */
    List<PrepareJournal.Entry> shards() {
        return journal.shards();
    }

    /** Notes that a training shard is whole. */
    void record(PrepareJournal.Entry entry) throws IOException {
        journal = journal.with(entry);
        journal.write(path);
    }

    /** Makes a data set of the folder, and gives it free. */
    void finish(DatasetManifest manifest) throws IOException {
        manifest.write(path);
        Files.delete(path.resolve(PrepareJournal.FILE));
        lock.remove();
    }

    /** Cleans up after a failure: whole training shards stay, to go on after; without any, nothing stays. */
    void abandon() throws IOException {
        try {
            if (journal.shards().isEmpty()) {
                discard();
            }
        } finally {
            lock.remove();
        }
        if (created && journal.shards().isEmpty()) {
            Files.delete(path);
        }
    }

    /** Deletes what a preparation without any whole training shard left. */
    private void discard() throws IOException {
        Path copies = path.resolve(Dataset.TOKENIZER_FOLDER);
        if (Files.isDirectory(copies)) {
            delete(copies, any -> true);
            Files.delete(copies);
        }
        delete(path, name -> name.endsWith(SHARD) || name.endsWith(Disk.TEMPORARY) || name.equals(TokenCounts.FILE));
        Files.deleteIfExists(path.resolve(PrepareJournal.FILE));
    }

    InputException unwritable(IOException e) {
        return unwritable(path, e);
    }

    private static InputException unwritable(Path path, IOException e) {
        return FileFailure.unwritable(path, e);
    }

    private static void delete(Path folder, Predicate<String> names) throws IOException {
        for (Path file : list(folder, names)) {
            Files.delete(file);
        }
    }

    private static List<Path> list(Path folder, Predicate<String> names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> names.test(file.getFileName().toString()))
                    .toList();
        }
    }
}
