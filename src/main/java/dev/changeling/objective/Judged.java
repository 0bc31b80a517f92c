package dev.changeling.objective;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the discriminator said of a text.
 *
 * @param losses what it learns from
 * @param hidden_TH its last hidden states of every real token, or null if it was not asked
 * @param scores_T its logit of "replaced" for every real token, or null if it was not asked
 * @param corrected_N where it was asked for the original token, whether that was its likeliest, or null if it was not
 *     asked
 */
public record Judged(
        Losses losses,
        @Nullable Tensor hidden_TH,
        @Nullable Tensor scores_T,
        @Nullable Tensor corrected_N) {
    /** Of a discriminator that was not asked anything. */
    static final Judged NOTHING = new Judged(new Losses(List.of()), null, null, null);
}
