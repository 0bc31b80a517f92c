package dev.changeling.dynamics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one step did, by part of the networks: {@code generator}, {@code discriminator.layer.0} and so on.
 *
 * @param gradientNorms norm of the gradient before clipping, by part
 * @param updateRatios norm of the weights' change over the norm of the weights before it, by part; parts whose weights
 *     are all 0 are left out
 * @param tugOfWar of the two losses over the embedding tables, or null if they are not shared
 * @param isotropy of the word table after the step: the shared one, or else the discriminator's
 */
public record Dynamics(
        Map<String, Double> gradientNorms,
        Map<String, Double> updateRatios,
        @Nullable TugOfWar tugOfWar,
        Isotropy isotropy) {}
