package dev.changeling.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * How far a run has come, beside the tensors.
 *
 * @param step steps done
 * @param tokens real tokens seen
 * @param elapsedSeconds training time
 * @param score held-out score at this step, lower is better; null if none was taken
 * @param configFingerprint of the configuration, {@link RunFolder#fingerprint}
 */
public record Progress(
        long step,
        long tokens,
        double elapsedSeconds,
        @Nullable Double score,
        String configFingerprint) {}
