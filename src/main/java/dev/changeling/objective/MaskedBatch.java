package dev.changeling.objective;

import dev.changeling.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * A device batch with its random choices made, in host memory.
 *
 * @param batch the original text
 * @param masked which positions are masked, and what the generator reads there
 * @param uniform a number in [0, 1) for each masked position, from which the generator's replacement is drawn
 * @param drawn for each masked position, a replacement drawn without the generator, or {@link #GENERATOR}
 * @param noise for each masked position, what the noise is made of through which the mixture of the generator's heads
 *     learns ({@link dev.changeling.tensor.ExponentialNoise}); empty where it does not learn
 * @param cropped the sequences cropped, where they are compared with others, or null
 * @param place where in the run it stands
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record MaskedBatch(
        Batch batch,
        MaskedPositions masked,
        float[] uniform,
        int[] drawn,
        long[] noise,
        @Nullable Batch cropped,
        Place place) {

    /** Stands in {@code drawn} where the replacement is the generator's. */
    public static final int GENERATOR = -1;

    /** Makes a batch without noise. */
    public MaskedBatch(
            Batch batch, MaskedPositions masked, float[] uniform, int[] drawn, @Nullable Batch cropped, Place place) {
        this(batch, masked, uniform, drawn, new long[0], cropped, place);
    }

    /** Returns whether the replacement of a masked position, by its number from 0, is left to the generator. */
    public boolean isGenerators(int position) {
        return drawn[position] == GENERATOR;
    }

    /**
     * Where in a run a batch stands.
     *
     * @param progress the part of the run that is done, 0 to 1; 1 in evaluation
     * @param stage which network learns
     */
    public record Place(double progress, Stage stage) {
        /** The end of a run, where everything is as it is in the long run. */
        public static final Place END = new Place(1, Stage.JOINT);
    }
}
