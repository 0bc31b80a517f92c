package dev.changeling.objective;

import dev.changeling.config.SamplingConfig;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.TokenTable;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Draws replacements without asking the generator: from the token frequencies of the training text, or evenly from the
 * vocabulary; the unigram and the uniform generator of Clark et al. (arXiv 2003.10555, figure 3), here for a part of
 * the masked positions or for all. Tokens that are never masked are never drawn.
 */
final class NoiseSampler {
    private final double unigramFraction;
    private final double uniformFraction;
    private final long[] cumulative;
    private final int[] tokens;

    NoiseSampler(SamplingConfig config, TokenTable table) {
        unigramFraction = config.unigramFraction();
        uniformFraction = config.uniformFraction();
        cumulative = new long[table.size()];
        long sum = 0;
        for (int token = 0; token < table.size(); token++) {
            sum += table.special().isUnmaskable(token) ? 0 : table.counts()[token];
            cumulative[token] = sum;
        }
        tokens = IntStream.range(0, table.size())
                .filter(token -> !table.special().isUnmaskable(token))
                .toArray();
    }

    /** Returns a token, or {@link MaskedBatch#GENERATOR} if this replacement is left to the generator. */
    int draw(RandomStream random) {
        double source = random.nextDouble();
        if (source < unigramFraction) {
            return unigram(random);
        }
        return source < unigramFraction + uniformFraction
                ? tokens[random.nextInt(tokens.length)]
                : MaskedBatch.GENERATOR;
    }

    private int unigram(RandomStream random) {
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

    /**
     * Returns 1 where the replacement is the generator's, else 0, [M].
     *
     * @param drawn of {@link #draw} for each masked position
     */
    static Tensor own(Engine engine, int[] drawn) {
        return HostCopy.toDevice(engine, drawn, drawn.length)
                .eq(new Scalar(MaskedBatch.GENERATOR))
                .to(torch.ScalarType.Float);
    }

    /** Returns the generator's samples with the tokens of {@link #draw} written over them, [M]. */
    Tensor over(Tensor samples_M, Tensor drawn_M) {
        return unigramFraction + uniformFraction == 0
                ? samples_M
                : torch.where(drawn_M.eq(new Scalar(MaskedBatch.GENERATOR)), samples_M, drawn_M);
    }
}
