package dev.changeling.objective;

import dev.changeling.batch.Batch;

/**
 * A device batch with its random choices made, in host memory.
 *
 * @param batch the original text
 * @param masked which positions are masked, and what the generator reads there
 * @param uniform a number in [0, 1) for each masked position, from which the generator's replacement is drawn
 * @param drawn for each masked position, a replacement drawn from token frequencies, or
 *     {@link UnigramSampler#GENERATOR}
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record MaskedBatch(Batch batch, MaskedPositions masked, float[] uniform, int[] drawn) {}
