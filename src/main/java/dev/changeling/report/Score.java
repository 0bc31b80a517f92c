package dev.changeling.report;

/**
 * A score that the table of final scores has.
 *
 * @param name as in {@code metrics.jsonl}, without {@code heldout_}
 * @param network that it is about
 * @param unit nats, {@code %} for a share that is shown as one, or nothing
 * @param better which way is better
 */
record Score(String name, String network, String label, String unit, Better better) {
    /** Which of two values is better. */
    enum Better {
        LOWER,
        HIGHER,
        NEITHER
    }
}
