package dev.changeling.objective;

import dev.changeling.model.PackedInput;
import org.bytedeco.pytorch.Tensor;

/**
 * A text on its way from the generator to the discriminator.
 *
 * @param original as it was
 * @param masked as the generator reads it
 * @param samples_M what was written over the masked positions
 * @param replaced as the discriminator reads it
 */
record Corrupted(PackedInput original, Masked masked, Tensor samples_M, Replaced replaced) {}
