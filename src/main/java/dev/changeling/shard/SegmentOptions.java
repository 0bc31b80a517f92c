package dev.changeling.shard;

import dev.changeling.error.UsageException;

/**
 * How {@link ExampleFormat#SEGMENTS} draws its examples.
 *
 * @param singleFraction the share of examples that are one segment, from 0 to 1
 * @param shortFraction the share of examples whose length is drawn at random, from 0 to 1; the others fill the row
 */
public record SegmentOptions(double singleFraction, double shortFraction) {
    /** google-research/electra's (build_pretraining_dataset.py). */
    public static final SegmentOptions GOOGLE = new SegmentOptions(0.1, 0.05);

    /** @throws UsageException if a share is out of its range */
    public SegmentOptions {
        requireShare("single segments", singleFraction);
        requireShare("short examples", shortFraction);
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new UsageException("share of " + what + " " + share + "; expected 0 to 1");
        }
    }
}
