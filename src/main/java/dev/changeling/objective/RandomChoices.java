package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tokenizer.TokenTable;

/** Makes an objective's random choices for a batch, on the host: a function of the seed, the step and the row. */
final class RandomChoices {
    private final ObjectiveConfig config;
    private final long steps;
    private final Masking masking;
    private final NoiseSampler noise;
    private final Cropping cropping;

    /** @param steps of the run, over which some settings change; 0 for as they are at its end */
    RandomChoices(ObjectiveConfig config, TokenTable tokens, NoiseSampler noise, long steps) {
        this.config = config;
        this.steps = steps;
        this.noise = noise;
        masking = new Masking(config.masking(), tokens);
        cropping = new Cropping(config.cropFraction(), tokens.special().padding());
    }

    /**
     * Makes them.
     *
     * @param step of training; negative in evaluation
     * @param firstRow place of the batch's first row in the step's total batch
     */
    MaskedBatch of(Batch batch, long seed, long step, long firstRow) {
        MaskedBatch.Place place = placeOf(step);
        MaskedPositions masked =
                masking.draw(batch, place.progress(), new RowRandom(seed, Purpose.MASKING, step, firstRow));
        float[] uniform = new float[masked.count()];
        int[] drawn = new int[masked.count()];
        RowRandom sampling = new RowRandom(seed, Purpose.SAMPLING, step, firstRow);
        RowRandom noiseRandom = new RowRandom(seed, Purpose.UNIGRAM, step, firstRow);
        long[] noiseSeeds = new long[config.mixtureWeight() > 0 ? masked.count() : 0];
        RowRandom mixtureRandom = new RowRandom(seed, Purpose.MIXTURE, step, firstRow);
        int row = -1;
        RandomStream forGenerator = sampling.row(0);
        RandomStream forNoise = noiseRandom.row(0);
        RandomStream forMixture = mixtureRandom.row(0);
        for (int i = 0; i < uniform.length; i++) {
            int rowHere = masked.positions()[i] / batch.length();
            if (rowHere != row) {
                row = rowHere;
                forGenerator = sampling.row(row);
                forNoise = noiseRandom.row(row);
                forMixture = mixtureRandom.row(row);
            }
            uniform[i] = forGenerator.nextFloat();
            drawn[i] = noise.draw(forNoise);
            if (noiseSeeds.length > 0) {
                noiseSeeds[i] = forMixture.nextLong();
            }
        }
        Batch cropped = config.contrastWeight() > 0
                ? cropping.of(batch, new RowRandom(seed, Purpose.CROPPING, step, firstRow))
                : null;
        return new MaskedBatch(batch, masked, uniform, drawn, noiseSeeds, cropped, place);
    }

    private MaskedBatch.Place placeOf(long step) {
        return step < 0 || steps == 0
                ? MaskedBatch.Place.END
                : new MaskedBatch.Place(step / (double) steps, Stage.at(config.stages(), step, steps));
    }
}
