package dev.changeling.error;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;

/** Why a file could not be read or written, in words for a person. */
public final class FileFailure {
    private FileFailure() {}

    /** Returns the reason: {@code permission denied}. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file is in the way";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "a folder that is not empty";
        }
        String reason = e instanceof FileSystemException known ? known.getReason() : e.getMessage();
        String line = reason == null ? "" : reason.lines().findFirst().orElse("");
        return switch (line) {
            case "" -> "the system gives no reason";
            // What POSIX systems say.
            case "Is a directory" -> "a folder; expected a file";
            case "Not a directory" -> "a part of this path is a file; expected a folder";
            default -> line.substring(0, 1).toLowerCase(Locale.ROOT) + line.substring(1);
        };
    }

    /**
     * Returns the reason, and before it the file that the failure is about if it is another than the one that the
     * message begins with: {@code run/lock: permission denied}.
     */
    public static String reason(Path named, IOException e) {
        String file = e instanceof FileSystemException known ? known.getFile() : null;
        return file == null || isSame(named, file) ? reason(e) : file + ": " + reason(e);
    }

    /** Returns a refusal of a file that can't be read. */
    public static InputException unreadable(Path file, IOException e) {
        return new InputException(file + ": can't be read: " + reason(file, e), e);
    }

    /** Returns a refusal of a file or folder that can't be written. */
    public static InputException unwritable(Path file, IOException e) {
        return new InputException(file + ": can't be written: " + reason(file, e), e);
    }

    private static boolean isSame(Path named, String file) {
        return Path.of(file)
                .toAbsolutePath()
                .normalize()
                .equals(named.toAbsolutePath().normalize());
    }
}
