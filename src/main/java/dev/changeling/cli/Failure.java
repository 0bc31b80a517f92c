package dev.changeling.cli;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.training.NonFiniteException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** Turns what went wrong into one line for a person, and into an exit code. */
final class Failure {
    private static final long MEGABYTE = 1 << 20;
    /** In characters. */
    private static final int LONGEST_LINE = 4_000;

    private Failure() {}

    /**
     * Writes what went wrong.
     *
     * @param verbose whether the stack trace follows
     * @return the exit code
     */
    static int report(Throwable thrown, PrintWriter err, boolean verbose) {
        Throwable failure = innermost(thrown);
        String line = line(failure);
        err.println("changeling: " + (line != null ? line : unexpected(failure, verbose)));
        if (verbose) {
            thrown.printStackTrace(err);
        }
        err.flush();
        if (failure instanceof NonFiniteException) {
            return ExitCode.NON_FINITE;
        }
        return failure instanceof UsageException ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** Returns what the wrappers that threads, streams and picocli put around a failure hold. */
    private static Throwable innermost(Throwable thrown) {
        Throwable cause = thrown.getCause();
        boolean wrapper = thrown instanceof ExecutionException
                || thrown instanceof CommandLine.ExecutionException
                || thrown instanceof UncheckedIOException;
        return wrapper && cause != null ? innermost(cause) : thrown;
    }

    private static @Nullable String line(Throwable failure) {
        if (failure instanceof InputException || failure instanceof NonFiniteException) {
            return clean(String.valueOf(failure.getMessage()));
        }
        String message = firstLine(String.valueOf(failure.getMessage()));
        if (failure instanceof FileSystemException known && known.getFile() != null) {
            return known.getFile() + ": " + FileFailure.reason(known);
        }
        if (failure instanceof IOException other) {
            return "reading or writing failed: " + FileFailure.reason(other);
        }
        if (failure instanceof OutOfMemoryError) {
            return "Java's heap of " + Runtime.getRuntime().maxMemory() / MEGABYTE + " MB is full (" + message
                    + "); allow more, for example with CHANGELING_JAVA_OPTS=-Xmx4g";
        }
        if (message.contains("can't allocate memory")
                || message.contains("CUDA out of memory")
                || message.contains("Storage size calculation overflowed")) {
            return "the engine found no memory for a tensor; a smaller model, a smaller training.device_batch_size and fewer training.threads need less";
        }
        if (failure instanceof UnsatisfiedLinkError
                || (failure instanceof LinkageError && message.contains("bytedeco"))) {
            return "the engine's libraries can't be loaded on " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch") + " (" + message + "); 'changeling doctor' says more";
        }
        return null;
    }

    private static String unexpected(Throwable failure, boolean verbose) {
        return "unexpected "
                + (verbose ? failure : clean(firstLine(failure.toString())) + "; use --verbose for the stack trace");
    }

    /** Messages quote names and values out of files: line breaks, what a terminal obeys, and text of any length. */
    private static String clean(String message) {
        String line = message.replaceAll("\\R", " ").replaceAll("\\p{Cntrl}", "?");
        return line.length() <= LONGEST_LINE
                ? line
                : line.substring(0, LONGEST_LINE / 2) + " … " + line.substring(line.length() - LONGEST_LINE / 2);
    }

    /** The engine's messages go on with frames of C++. */
    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
