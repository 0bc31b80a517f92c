package dev.changeling.report;

/**
 * The RTD loss beside the line of one that says the same of every token: it answers with the replaced share, and its
 * loss is that share's entropy.
 *
 * @param loss of the discriminator, nats
 * @param majority of that other one, nats
 * @param isOfOriginal whether most tokens are originals; at masked positions most are replaced
 */
record RtdLine(double loss, double majority, boolean isOfOriginal) {
    /** Nearly every token is of one class below it, and a share of it says nothing. */
    private static final double NEAR_ZERO = 0.01;

    /** Returns whether there is anything to tell apart. */
    boolean isComparable() {
        return !Double.isNaN(loss) && majority >= NEAR_ZERO;
    }

    /** Returns {@code 27 % below}; of a line near 0 {@code 0.012 nats above}. */
    String distance() {
        double below = isComparable() ? 1 - loss / majority : majority - loss;
        String size = isComparable() ? Amount.percent(Math.abs(below)) : Amount.of(Math.abs(below)) + " nats";
        return size + (below < 0 ? " above" : " below");
    }

    /** Returns {@code as much as} where the two are the same to the eye, else the distance. */
    String comparison() {
        return Math.abs(loss - majority) < 0.0005 * Math.max(majority, NEAR_ZERO) ? "as much as" : distance();
    }

    /** Returns whose line it is. */
    String name() {
        return isOfOriginal ? "always “original”" : "always the majority";
    }
}
