package dev.changeling.hub;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder that appears as a whole or not at all: it is filled beside its place, under a name that begins with a dot,
 * and then renamed. An earlier export in its place is replaced; anything else there is let be, and refused, a model
 * card that was edited too.
 */
public final class ExportFolder implements AutoCloseable {
    private static final Set<String> FILES = Set.of(
            HuggingFaceConfig.FILE,
            WeightFiles.SAFETENSORS,
            "vocab.txt",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json");

    private final Path target;
    private final Path partial;
    private final Path replaced;

    private ExportFolder(Path target) {
        this.target = target;
        this.partial = target.resolveSibling("." + target.getFileName() + ".partial");
        this.replaced = target.resolveSibling("." + target.getFileName() + ".replaced");
    }

    /**
     * Begins an export.
     *
     * @param networks the names of the folders that will be in it
     * @throws InputException if the folder holds anything that an export doesn't
     */
    static ExportFolder begin(Path folder, Set<String> networks) throws IOException {
        return begin(folder, networks, FILES);
    }

    /**
     * Begins an export that is one network's folder.
     *
     * @throws InputException if the folder holds anything that such an export doesn't
     */
    static ExportFolder beginNetwork(Path folder) throws IOException {
        return begin(folder, Set.of(), FILES);
    }

    /**
     * Begins an export without folders in it.
     *
     * @param files what an earlier export may have left
     * @throws InputException if the folder holds anything else
     */
    public static ExportFolder beginFlat(Path folder, Set<String> files) throws IOException {
        return begin(folder, Set.of(), files);
    }

    /**
     * An export that is replaced is deleted whole, and what the new one is made from, or lies beside that, must not go
     * with it.
     *
     * @throws InputException if one of the folders is the export's, or in it
     */
    static void requireOutside(List<Path> from, Path out) throws IOException {
        if (Files.exists(out)) {
            for (Path folder : from) {
                if (Files.exists(folder) && folder.toRealPath().startsWith(out.toRealPath())) {
                    throw new InputException(out + ": holds " + folder + ", which is read; expected another folder");
                }
            }
        }
    }

    private static ExportFolder begin(Path folder, Set<String> networks, Set<String> files) throws IOException {
        Path target = Files.exists(folder)
                ? folder.toRealPath()
                : folder.toAbsolutePath().normalize();
        if (target.getFileName() == null || target.getParent() == null) {
            throw new InputException(folder + ": can't be replaced; expected a folder within another");
        }
        ExportFolder export = new ExportFolder(target);
        export.restore();
        requireReplaceable(target, networks, files);
        // What a process that was killed has left.
        delete(export.partial);
        delete(export.replaced);
        Files.createDirectories(target.getParent());
        Files.createDirectory(export.partial);
        return export;
    }

    /**
     * Puts an earlier export back whose place is empty: a process was killed between the two renames, or one failed.
     */
    private void restore() throws IOException {
        if (!Files.exists(target) && Files.isDirectory(replaced, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void requireReplaceable(Path target, Set<String> networks, Set<String> files) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new InputException(target + ": a file; expected a folder, or nothing");
        }
        if (networks.isEmpty()) {
            requireOnly(files, target, target);
            return;
        }
        for (Path network : list(target)) {
            if (network.endsWith(NetworkImport.CONFIG)) {
                continue;
            }
            if (!networks.contains(network.getFileName().toString()) || !Files.isDirectory(network)) {
                throw notOurs(target, network);
            }
            requireOnly(files, network, target);
        }
    }

    private static void requireOnly(Set<String> files, Path folder, Path target) throws IOException {
        for (Path file : list(folder)) {
            String name = file.getFileName().toString();
            boolean card = name.equals(ModelCard.FILE);
            if (!(card || files.contains(name)) || !Files.isRegularFile(file)) {
                throw notOurs(target, file);
            }
            if (card && !ModelCard.isUnchanged(file)) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: holds %s, which was written or edited by somebody; expected none, or another folder",
                        target,
                        target.relativize(file)));
            }
        }
    }

    private static InputException notOurs(Path target, Path found) {
        return new InputException(String.format(
                Locale.ROOT,
                "%s: holds %s; expected an empty folder, an earlier export, or nothing",
                target,
                target.relativize(found)));
    }

    /** Makes a folder in the export. */
    Path network(String name) throws IOException {
        return Files.createDirectory(partial.resolve(name));
    }

    /** Returns where files of the export itself go until it is finished. */
    public Path files() {
        return partial;
    }

    /** Forces everything to the disk and puts it in its place. */
    public void finish() throws IOException {
        try (Stream<Path> entries = Files.walk(partial)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        if (Files.exists(target)) {
            Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        delete(replaced);
    }

    /** Drops what isn't finished. */
    @Override
    public void close() throws IOException {
        restore();
        delete(partial);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }
}
