package dev.changeling.report;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** Short names for folders: their own, with as many of their parents' as tells them apart. */
final class RunNames {
    private RunNames() {}

    static List<String> of(List<Path> folders) {
        List<Path> whole = folders.stream()
                .map(folder -> folder.toAbsolutePath().normalize())
                .toList();
        int longest = whole.stream().mapToInt(Path::getNameCount).max().orElse(0);
        for (int length = 1; length <= longest; length++) {
            int parts = length;
            List<String> names = whole.stream().map(path -> end(path, parts)).toList();
            if (new HashSet<>(names).size() == names.size()) {
                return names;
            }
        }
        return whole.stream().map(Path::toString).toList();
    }

    private static String end(Path path, int parts) {
        int count = path.getNameCount();
        return count == 0
                ? path.toString()
                : path.subpath(Math.max(0, count - parts), count).toString();
    }
}
