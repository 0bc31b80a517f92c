package dev.changeling.corpus;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files that paths, folders and globs stand for, in a fixed order. */
final class CorpusFiles {
    private static final String STANDARD_INPUT = "-";

    private CorpusFiles() {}

    /** @throws InputException if a path stands for no file that can be read as text */
    static List<CorpusSource> find(CorpusOptions options) throws IOException {
        if (options.paths().isEmpty()) {
            throw new UsageException("no corpus is given; expected files, folders, globs, or - for standard input");
        }
        List<CorpusSource> sources = new ArrayList<>();
        for (String path : options.paths()) {
            sources.addAll(find(path, options.format()));
        }
        Set<Object> seen = new HashSet<>();
        return sources.stream().filter(source -> seen.add(identity(source))).toList();
    }

    private static Object identity(CorpusSource source) {
        return source instanceof CorpusFile file && file.path() != null
                ? file.path().toAbsolutePath().normalize()
                : source.name();
    }

    private static List<? extends CorpusSource> find(String text, CorpusFormat fallback) throws IOException {
        if (text.isBlank()) {
            throw new UsageException("a path of the corpus is empty");
        }
        if (text.equals(STANDARD_INPUT)) {
            return List.of(new CorpusFile("<stdin>", null, fallback));
        }
        if (text.equals(CorpusOptions.WORDNET)) {
            return List.of(new CorpusSource.WordNet());
        }
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
            return found.stream().map(file -> file(file, fallback)).toList();
        }
        if (path != null && Files.exists(path)) {
            return List.of(file(path, fallback));
        }
        if (isGlob(text)) {
            List<Path> found = Glob.of(text).files();
            if (found.isEmpty()) {
                throw new InputException(text + ": no file matches this pattern");
            }
            return found.stream().map(file -> file(file, fallback)).toList();
        }
        boolean isHidden = path != null && !Files.notExists(path);
        throw new InputException(text
                + (isHidden
                        ? ": can't be reached: permission denied, or a part of this path is" + " a file"
                        : ": no such file or folder"));
    }

    /** Returns the path that stands for a file, or would if the file were there. */
    static Optional<String> pathThatReads(CorpusOptions options, Path file) throws IOException {
        for (String text : options.paths()) {
            if (text.equals(STANDARD_INPUT) || text.equals(CorpusOptions.WORDNET)) {
                continue;
            }
            if (wouldRead(text, realPath(file)) || (Files.exists(file) && reads(text, options.format(), file))) {
                return Optional.of(text);
            }
        }
        return Optional.empty();
    }

    private static boolean reads(String text, CorpusFormat fallback, Path file) throws IOException {
        for (CorpusSource source : find(text, fallback)) {
            if (source instanceof CorpusFile read && read.path() != null && Files.isSameFile(read.path(), file)) {
                return true;
            }
        }
        return false;
    }

    private static boolean wouldRead(String text, Path file) throws IOException {
        Path folder = literal(text);
        if (folder != null && Files.isDirectory(folder)) {
            Path real = folder.toRealPath();
            return file.startsWith(real) && formatOf(file) != null && !hidden(real.relativize(file));
        }
        if (isGlob(text) && (folder == null || !Files.exists(folder))) {
            return Glob.of(text).wouldMatch(file);
        }
        return false;
    }

    /** Returns where a file is, links followed, or where it would be. */
    private static Path realPath(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path there = absolute;
        while (!Files.exists(there)) {
            there = there.resolveSibling("").normalize();
        }
        return there.toRealPath().resolve(there.relativize(absolute));
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

    /** A pattern, and the folder that it is searched in. */
    private record Glob(Path base, PathMatcher matcher) {
        static Glob of(String pattern) {
            int wild = 0;
            while ("*?[{".indexOf(pattern.charAt(wild)) < 0) {
                wild++;
            }
            int slash = pattern.lastIndexOf('/', wild);
            Path base = Path.of(slash < 0 ? "" : pattern.substring(0, slash + 1));
            try {
                return new Glob(base, FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(slash + 1)));
            } catch (PatternSyntaxException e) {
                throw new UsageException(pattern + ": no such file, and no pattern: " + e.getDescription());
            }
        }

        List<Path> files() throws IOException {
            if (!Files.isDirectory(base)) {
                return List.of();
            }
            return walk(base)
                    .filter(file -> matcher.matches(base.relativize(file)))
                    .toList();
        }

        boolean wouldMatch(Path file) throws IOException {
            if (!Files.isDirectory(base)) {
                return false;
            }
            Path real = base.toRealPath();
            return file.startsWith(real) && matcher.matches(real.relativize(file)) && !hidden(real.relativize(file));
        }
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
            throw new InputException(
                    folder + ": can't be searched: " + FileFailure.reason(folder, Objects.requireNonNull(e.getCause())),
                    e);
        }
    }
}
