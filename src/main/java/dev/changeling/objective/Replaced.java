package dev.changeling.objective;

import dev.changeling.model.EmbeddingShift;
import dev.changeling.model.PackedInput;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A batch that the generator has corrupted.
 *
 * @param input what the discriminator sees: the original text with the samples written at the masked positions
 * @param labels_T for every real token 1 if it differs from the original, else 0, as floats
 * @param shift of the embeddings, 0, through which the discriminator's gradient reaches the mixture that the samples
 *     were drawn from; or null
 */
public record Replaced(
        PackedInput input, Tensor labels_T, @Nullable EmbeddingShift shift) {

    /** Makes a batch whose discriminator teaches nobody else. */
    public Replaced(PackedInput input, Tensor labels_T) {
        this(input, labels_T, null);
    }

    Replaced with(@Nullable EmbeddingShift otherShift) {
        return new Replaced(input, labels_T, otherShift);
    }
}
