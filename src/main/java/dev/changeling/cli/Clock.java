package dev.changeling.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
final class Clock {
    private Clock() {}

    /** Returns {@code 7 s}, {@code 3:05 min} or {@code 2:03:05 h}. */
    static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%d:%02d:%02d h", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
