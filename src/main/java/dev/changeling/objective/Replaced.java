package dev.changeling.objective;

import dev.changeling.model.PackedInput;
import org.bytedeco.pytorch.Tensor;

/**
 * A batch that the generator has corrupted.
 *
 * @param input what the discriminator sees: the original text with the samples written at the masked positions
 * @param labels_T for every real token 1 if it differs from the original, else 0, as floats
 */
public record Replaced(PackedInput input, Tensor labels_T) {}
