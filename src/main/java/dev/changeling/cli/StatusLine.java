package dev.changeling.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * How far a verb has come: one line that rewrites itself on a terminal, a plain line every now and then elsewhere. Safe
 * for use by several threads.
 */
final class StatusLine {
    private static final Duration ON_TERMINAL = Duration.ofMillis(100);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);
    private static final String TO_LINE_START_AND_ERASE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean interactive;
    private final Duration interval;
    private final long started = System.nanoTime();
    private long shown = started;
    private boolean lineIsOpen;

    StatusLine(PrintWriter err, boolean interactive, Duration interval) {
        this.err = err;
        this.interactive = interactive;
        this.interval = interval;
    }

    /** Returns a status line that fits what the program writes to. */
    static StatusLine on(PrintWriter err) {
        boolean interactive = Terminal.hasStatusLine();
        return new StatusLine(err, interactive, interactive ? ON_TERMINAL : ELSEWHERE);
    }

    /**
     * Shows where the work stands, if it is time to.
     *
     * @param text makes one line; called only if it is shown
     */
    synchronized void show(Supplier<String> text) {
        long now = System.nanoTime();
        if (now - shown < interval.toNanos()) {
            return;
        }
        shown = now;
        if (interactive) {
            err.print(TO_LINE_START_AND_ERASE + text.get());
            lineIsOpen = true;
        } else {
            err.println(text.get());
        }
        err.flush();
    }

    /** Writes a line that stays. */
    synchronized void print(String line) {
        clear();
        err.println(line);
        err.flush();
    }

    /** Takes the status away, so that other lines can be written. */
    synchronized void clear() {
        if (lineIsOpen) {
            err.print(TO_LINE_START_AND_ERASE);
            err.flush();
            lineIsOpen = false;
        }
    }

    /** Returns how long this line has been there. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
