package dev.changeling.batch;

/**
 * Rows of packed sequences, in host memory. A row holds one or more whole sequences ([CLS] … [SEP]) one after another
 * and padding at its end; attention stays within a sequence.
 *
 * <p>All arrays are row-major with B × S entries.
 *
 * @param rows B
 * @param length S, tokens a row
 * @param tokens token ids; the padding id after a row's last sequence
 * @param sequences which sequence of its row a token belongs to, from 1; 0 is padding
 * @param positions the token's position in its sequence, from 0; 0 in padding
 * @param segments the token's segment (token type), 0 or 1; 0 in padding
 * @param realTokens how many of the tokens are not padding
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record Batch(
        int rows, int length, int[] tokens, int[] sequences, int[] positions, int[] segments, int realTokens) {

    /** Returns how many sequences the rows hold. */
    public int sequenceCount() {
        int count = 0;
        for (int row = 0; row < rows; row++) {
            int before = 0;
            for (int i = row * length; i < (row + 1) * length; i++) {
                count += sequences[i] != 0 && sequences[i] != before ? 1 : 0;
                before = sequences[i];
            }
        }
        return count;
    }
}
