package dev.changeling.report;

/**
 * Whether a condition was found, and the numbers that decide it.
 *
 * @param numbers a sentence without its full stop
 */
public record Check(Condition condition, boolean found, String numbers) {
    /** Returns what was found, in words. */
    public String words() {
        return found ? condition.words() : condition.denied();
    }
}
