package dev.changeling.parity;

/** How far numbers are from those of the reference. */
public final class Deviation {
    private Deviation() {}

    /** Returns the largest absolute difference of two numbers at one place. */
    public static double absolute(float[] actual, float[] reference) {
        if (actual.length != reference.length) {
            throw new IllegalArgumentException(actual.length + " numbers, not " + reference.length);
        }
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - reference[i]);
            largest = Math.max(largest, difference);
        }
        return largest;
    }

    /** Returns the largest absolute value. */
    public static double largest(float[] values) {
        return absolute(values, new float[values.length]);
    }

    public static double relative(double actual, double reference) {
        return Math.abs(actual - reference) / Math.abs(reference);
    }
}
