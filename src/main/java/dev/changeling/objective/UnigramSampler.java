package dev.changeling.objective;

import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SpecialTokens;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws replacements from the token frequencies of the training text: the unigram generator of Clark et al. (arXiv
 * 2003.10555, figure 3), here for a part of the masked positions, where the discriminator then meets a coarse error
 * beside the generator's fine ones. Tokens that are never masked are never drawn.
 */
final class UnigramSampler {
    /** Stands where the replacement is the generator's. */
    static final int GENERATOR = -1;

    private final double fraction;
    private final long[] cumulative;

    /**
     * Makes a sampler.
     *
     * @param fraction of the replacements that are drawn here
     * @param tokenCounts how often each token stands in the training text, [V]
     */
    UnigramSampler(double fraction, long[] tokenCounts, SpecialTokens special) {
        this.fraction = fraction;
        this.cumulative = new long[tokenCounts.length];
        long sum = 0;
        for (int token = 0; token < tokenCounts.length; token++) {
            sum += special.isUnmaskable(token) ? 0 : tokenCounts[token];
            cumulative[token] = sum;
        }
    }

    /** Returns a token, or {@link #GENERATOR} if this replacement is left to the generator. */
    int draw(RandomStream random) {
        if (random.nextDouble() >= fraction) {
            return GENERATOR;
        }
        long sought = (long) (random.nextDouble() * cumulative[cumulative.length - 1]);
        // The first token whose cumulative count is above the number sought.
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > sought) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Returns the samples with the tokens of {@link #draw} written over them, [M]. */
    Tensor over(Tensor samples_M, Tensor drawn_M) {
        return fraction == 0 ? samples_M : torch.where(drawn_M.eq(new Scalar(GENERATOR)), samples_M, drawn_M);
    }
}
