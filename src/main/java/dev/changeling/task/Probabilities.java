package dev.changeling.task;

/** What logits mean. */
public final class Probabilities {
    private Probabilities() {}

    /** Returns the probabilities of labels of which one applies. */
    public static float[] ofOne(float[] logits) {
        return ofOne(logits, 0, logits.length);
    }

    /** Returns the probabilities of labels of which one applies, by the logits in a part of an array. */
    public static float[] ofOne(float[] logits, int from, int to) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            highest = Math.max(highest, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.exp(logits[i] - highest);
        }
        float[] probabilities = new float[to - from];
        for (int i = from; i < to; i++) {
            probabilities[i - from] = (float) (Math.exp(logits[i] - highest) / sum);
        }
        return probabilities;
    }

    /** Returns the probabilities of labels each of which may apply. */
    public static float[] ofEach(float[] logits) {
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (1 / (1 + Math.exp(-logits[i])));
        }
        return probabilities;
    }

    /** Returns the place of the highest; of several, the first. */
    public static int highest(float[] numbers) {
        int best = 0;
        for (int i = 1; i < numbers.length; i++) {
            if (numbers[i] > numbers[best]) {
                best = i;
            }
        }
        return best;
    }
}
