package dev.changeling.metrics;

import java.util.List;
import java.util.Optional;

/**
 * A corrupted sequence for people to see.
 *
 * @param tokens as the discriminator reads them
 * @param originals for each of them the original if the position was masked, also where it was drawn again
 * @param probabilities that the discriminator gives each token of having been replaced
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared
public record SampledSequence(List<String> tokens, List<Optional<String>> originals, float[] probabilities) {}
