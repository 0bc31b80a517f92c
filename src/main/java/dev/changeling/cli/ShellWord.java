package dev.changeling.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A path as it can be pasted into a shell. */
final class ShellWord {
    /** What no shell takes for anything else; a backslash where it parts folders. */
    private static final Pattern PLAIN =
            Pattern.compile("[\\p{L}\\p{N}_./:@%+=,-" + (File.separatorChar == '\\' ? "\\\\" : "") + "]+");

    private ShellWord() {}

    /** Returns a path, in single quotes if it needs any, as a POSIX shell reads them. */
    static String of(Path path) {
        String text = path.toString();
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
