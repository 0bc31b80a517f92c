package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files that paths, folders and globs stand for, in a fixed order. */
final class CorpusFiles {
    private static final String STANDARD_INPUT = "-";

    private CorpusFiles() {}

    /** @throws InputException if a path stands for no file that can be read as text */
    static List<CorpusFile> find(List<String> paths, CorpusFormat fallback) throws IOException {
        if (paths.isEmpty()) {
            throw new InputException("no corpus is given; expected files, folders, globs, or - for standard input");
        }
        List<CorpusFile> files = new ArrayList<>();
        for (String path : paths) {
            if (path.isBlank()) {
                throw new InputException("a path of the corpus is empty");
            }
            if (path.equals(STANDARD_INPUT)) {
                files.add(new CorpusFile("<stdin>", null, fallback));
            } else {
                find(path, fallback, files);
            }
        }
        Set<Path> seen = new HashSet<>();
        return files.stream()
                .filter(file -> file.path() == null
                        || seen.add(file.path().toAbsolutePath().normalize()))
                .toList();
    }

    private static void find(String text, CorpusFormat fallback, List<CorpusFile> files) throws IOException {
        Path path = literal(text);
        if (path != null && Files.isDirectory(path)) {
            List<Path> found = walk(path).filter(file -> formatOf(file) != null).toList();
            if (found.isEmpty()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: no text file in this folder; expected names that end in %s, each also with .gz or .zst",
                        text,
                        CorpusFormat.extensions()));
            }
            found.forEach(file -> files.add(file(file, fallback)));
        } else if (path != null && Files.exists(path)) {
            files.add(file(path, fallback));
        } else if (isGlob(text)) {
            List<Path> found = glob(text);
            if (found.isEmpty()) {
                throw new InputException(text + ": no file matches this pattern");
            }
            found.forEach(file -> files.add(file(file, fallback)));
        } else {
            throw new InputException(text + ": no such file or folder");
        }
    }

    private static CorpusFile file(Path path, CorpusFormat fallback) {
        if (!Files.isReadable(path)) {
            throw new InputException(path + ": may not be read (permissions)");
        }
        CorpusFormat format = formatOf(path);
        return new CorpusFile(path.toString(), path, format == null ? fallback : format);
    }

    private static @Nullable CorpusFormat formatOf(Path path) {
        return CorpusFormat.ofName(
                Compression.withoutExtension(path.getFileName().toString()));
    }

    private static boolean hidden(Path relative) {
        for (Path part : relative) {
            if (part.toString().startsWith(".")) {
                return true;
            }
        }
        return false;
    }

    /** Returns null where the platform takes the text for no path at all, as Windows does with a star. */
    private static @Nullable Path literal(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static boolean isGlob(String text) {
        return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static List<Path> glob(String pattern) throws IOException {
        int wild = 0;
        while ("*?[{".indexOf(pattern.charAt(wild)) < 0) {
            wild++;
        }
        int slash = pattern.lastIndexOf('/', wild);
        Path base = Path.of(slash < 0 ? "" : pattern.substring(0, slash + 1));
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1));
        return walk(base).filter(file -> matcher.matches(base.relativize(file))).toList();
    }

    private static Stream<Path> walk(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            // Sorted by text, not by the platform's order of paths, so that every machine reads the same corpus.
            return paths
                    .filter(Files::isRegularFile)
                    .filter(file -> !hidden(folder.relativize(file)))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList()
                    .stream();
        } catch (UncheckedIOException e) {
            throw new InputException(folder + ": can't be searched: " + e.getMessage(), e);
        }
    }
}
