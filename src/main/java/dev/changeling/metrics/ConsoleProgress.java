package dev.changeling.metrics;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a run for a person: on a terminal one status line that rewrites itself, elsewhere (a log file, a CI
 * run) a plain line now and then.
 *
 * <p>A narrow terminal loses whole parts of the line, the least needed first, never the end of a number.
 */
public final class ConsoleProgress implements MetricsSink {
    private static final long TERMINAL_INTERVAL = 100_000_000L;
    private static final long PLAIN_INTERVAL = 10_000_000_000L;
    private static final String SEPARATOR = " | ";

    private final PrintStream out;
    private final boolean terminal;
    private final int columns;
    private final long lastStep;
    private final LongSupplier nanoTime;

    private String shown = "";
    private boolean started;
    private long lastTime;

    /**
     * @param out where to
     * @param terminal whether {@code out} is a terminal, where a line can be rewritten
     * @param lastStep steps of the whole run
     */
    public ConsoleProgress(PrintStream out, boolean terminal, long lastStep) {
        this(out, terminal, lastStep, columns(System.getenv("COLUMNS")), System::nanoTime);
    }

    ConsoleProgress(PrintStream out, boolean terminal, long lastStep, int columns, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.columns = columns;
        this.lastStep = lastStep;
        this.nanoTime = nanoTime;
    }

    @Override
    public void write(Metrics metrics) {
        long now = nanoTime.getAsLong();
        boolean due = !started || now - lastTime >= (terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL);
        if (!due && metrics.step() < lastStep) {
            return;
        }
        started = true;
        lastTime = now;
        show(line(metrics));
    }

    /** Prints a line that stays, above the status line: the held-out scores or a saved checkpoint for example. */
    public void message(String text) {
        String status = shown;
        clear();
        out.println(text);
        if (!status.isEmpty()) {
            show(status);
        }
        out.flush();
    }

    /** Leaves the last status line standing and goes to the next. Closes nothing. */
    @Override
    public void close() {
        if (!shown.isEmpty()) {
            out.println();
            shown = "";
        }
        out.flush();
    }

    private void show(String line) {
        if (terminal) {
            // Blanks instead of an erasing escape code: every terminal knows them.
            out.print("\r" + line + " ".repeat(Math.max(0, shown.length() - line.length())));
            shown = line;
        } else {
            out.println(line);
        }
        out.flush();
    }

    private void clear() {
        if (!shown.isEmpty()) {
            out.print("\r" + " ".repeat(shown.length()) + "\r");
            shown = "";
        }
    }

    private String line(Metrics metrics) {
        List<String> parts = new ArrayList<>();
        parts.add(format("step %,d/%,d", metrics.step(), lastStep));
        metrics.finite("mlm_loss").ifPresent(loss -> parts.add(format("MLM loss %.3f", loss)));
        metrics.finite("rtd_loss").ifPresent(loss -> parts.add(format("RTD loss %.4f", loss)));
        metrics.finite("correction_loss").ifPresent(loss -> parts.add(format("correction loss %.3f", loss)));
        metrics.finite("eta_seconds").ifPresent(seconds -> parts.add(duration(seconds) + " left"));
        metrics.finite("tokens_per_second").ifPresent(rate -> parts.add(format("%,.0f tokens/s", rate)));
        metrics.finite("rtd_auc").ifPresent(auc -> parts.add(format("AUC %.3f", auc)));
        int room = terminal ? columns - 1 : Integer.MAX_VALUE;
        while (parts.size() > 1 && String.join(SEPARATOR, parts).length() > room) {
            parts.remove(parts.size() - 1);
        }
        return String.join(SEPARATOR, parts);
    }

    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        } else if (whole < 3600) {
            return format("%d min %02d s", whole / 60, whole % 60);
        } else if (whole < 48 * 3600) {
            return format("%d h %02d min", whole / 3600, whole / 60 % 60);
        }
        return format("%d days %d h", whole / 86400, whole / 3600 % 24);
    }

    static int columns(@Nullable String variable) {
        if (variable != null && variable.matches("[1-9][0-9]{0,4}")) {
            return Integer.parseInt(variable);
        }
        return 100;
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
