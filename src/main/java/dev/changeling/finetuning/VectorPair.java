package dev.changeling.finetuning;

/**
 * The vectors of two texts, not normalised.
 *
 * @param first [H]
 * @param second [H]
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record VectorPair(float[] first, float[] second) {

    /** Returns the cosine of the angle between the two. */
    double cosine() {
        return cosine(first, second);
    }

    /** Returns the cosine of the angle between two vectors; 0 if one of them is 0. */
    static double cosine(float[] a, float[] b) {
        double product = 0;
        double lengthA = 0;
        double lengthB = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            lengthA += (double) a[i] * a[i];
            lengthB += (double) b[i] * b[i];
        }
        return product / Math.max(Double.MIN_NORMAL, Math.sqrt(lengthA * lengthB));
    }
}
