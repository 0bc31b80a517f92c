package dev.changeling.model;

import org.bytedeco.pytorch.Tensor;

/**
 * What is added to attention scores so that every token sees its own sequence only.
 *
 * @param bias_B1SS 0 between tokens of one sequence, −∞ elsewhere
 * @param mixed for each row whether it holds anything besides one sequence, so that the bias is not 0 throughout
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AttentionBias(Tensor bias_B1SS, boolean[] mixed) {

    /** Returns whether any of some rows needs the bias. */
    boolean isNeeded(long firstRow, long rows) {
        for (long row = firstRow; row < firstRow + rows; row++) {
            if (mixed[(int) row]) {
                return true;
            }
        }
        return false;
    }
}
