package dev.changeling.report;

import dev.changeling.error.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page about a run that is going on, and the data by which the page keeps itself up to date. Reads the run's files,
 * when it is asked and only what is new in them; the training knows nothing of it. For one thread at a time.
 */
public final class LiveReport {
    private final Path folder;
    private volatile boolean begun;
    private @Nullable RunHistory history;
    private byte @Nullable [] data;

    /** @param folder of a run that need not be there yet */
    public LiveReport(Path folder) {
        this.folder = folder;
    }

    /** Tells that the run has begun: its files are there, and what an earlier start left over is cut off. */
    public void begin() {
        begun = true;
    }

    /**
     * Returns the page, as UTF-8.
     *
     * @throws InputException if the run has not begun, or one of its files can't be read
     */
    public byte[] page() {
        RunHistory run = current();
        return ReportPage.html(ReportData.of(List.of(run), true), "'self'");
    }

    /**
     * Returns what the page shows, as JSON.
     *
     * @throws InputException as {@link #page}
     */
    public byte[] data() {
        RunHistory run = current();
        byte[] known = data;
        if (known == null) {
            known = ReportData.of(List.of(run), true).json().getBytes(StandardCharsets.UTF_8);
            data = known;
        }
        return known;
    }

    private RunHistory current() {
        if (!begun) {
            throw new InputException(folder + ": the run has not begun yet");
        }
        RunHistory known = history;
        // What can't be read now is read from its beginning the next time.
        history = null;
        if (known == null) {
            known = RunHistory.open(folder);
            data = null;
        } else if (known.refresh()) {
            data = null;
        }
        history = known;
        return known;
    }
}
