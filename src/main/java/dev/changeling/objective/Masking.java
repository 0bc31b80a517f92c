package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.MaskingConfig;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.TokenTable;
import java.util.Arrays;

/**
 * Chooses the positions that the generator must predict, and what it reads there (google pretrain/pretrain_helpers.py).
 *
 * <p>Of each sequence with n tokens, specials included, {@code max(1, min(N, round(p · n)))} positions are drawn
 * without replacement among its tokens but [CLS], [SEP], [MASK] and padding; {@code N = ⌊(p + margin) · S⌋}. The
 * generator reads [MASK] there, or the original, or a random token, by the configured fractions.
 */
public final class Masking {
    private final MaskingConfig config;
    private final SpecialTokens special;
    private final int vocabularySize;
    private final MaskedUnits units;

    public Masking(MaskingConfig config, TokenTable tokens) {
        this.config = config;
        this.special = tokens.special();
        this.vocabularySize = tokens.size();
        this.units = MaskedUnits.of(config.unit(), tokens.marks());
    }

    /**
     * Draws the masked positions of a batch; each row has random numbers of its own.
     *
     * @param progress the part of the run that is done, 0 to 1
     */
    public MaskedPositions draw(Batch batch, double progress, RowRandom random) {
        double fraction = config.fractionAt(progress);
        Chosen chosen = new Chosen(batch.realTokens());
        int[] candidates = new int[batch.length()];
        for (int row = 0; row < batch.rows(); row++) {
            RandomStream numbers = random.row(row);
            int start = row * batch.length();
            int end = start + batch.length();
            while (start < end && batch.sequences()[start] != 0) {
                int next = endOfSequence(batch, start, end);
                int count = count(fraction, next - start, batch.length());
                drawSequence(batch, start, next, count, candidates, numbers, chosen);
                start = next;
            }
        }
        return chosen.finish();
    }

    /**
     * Returns how many of a sequence's tokens are masked, if it has that many candidates.
     *
     * @param fraction p
     */
    int count(double fraction, int sequenceLength, int rowLength) {
        int most = (int) ((fraction + config.margin()) * rowLength);
        int wanted = (int) Math.rint(fraction * sequenceLength);
        return Math.max(1, Math.min(most, wanted));
    }

    private static int endOfSequence(Batch batch, int start, int rowEnd) {
        int end = start + 1;
        while (end < rowEnd && batch.sequences()[end] == batch.sequences()[start]) {
            end++;
        }
        return end;
    }

    private void drawSequence(
            Batch batch, int start, int end, int wanted, int[] candidates, RandomStream numbers, Chosen chosen) {
        int available = 0;
        for (int i = start; i < end; i++) {
            if (!special.isUnmaskable(batch.tokens()[i])) {
                candidates[available++] = i;
            }
        }
        int count = units.draw(batch.tokens(), candidates, available, Math.min(available, wanted), numbers);
        Arrays.sort(candidates, 0, count);
        for (int i = 0; i < count; i++) {
            int original = batch.tokens()[candidates[i]];
            chosen.add(candidates[i], original, written(original, numbers));
        }
    }

    private int written(int original, RandomStream numbers) {
        double draw = numbers.nextDouble();
        if (draw < config.maskTokenFraction()) {
            return special.mask();
        }
        if (draw < config.maskTokenFraction() + config.randomTokenFraction()) {
            return numbers.nextInt(vocabularySize);
        }
        return original;
    }

    private static final class Chosen {
        private final int[] positions;
        private final int[] originals;
        private final int[] written;
        private int count;

        Chosen(int most) {
            positions = new int[most];
            originals = new int[most];
            written = new int[most];
        }

        void add(int position, int original, int token) {
            positions[count] = position;
            originals[count] = original;
            written[count] = token;
            count++;
        }

        MaskedPositions finish() {
            return new MaskedPositions(
                    Arrays.copyOf(positions, count), Arrays.copyOf(originals, count), Arrays.copyOf(written, count));
        }
    }
}
