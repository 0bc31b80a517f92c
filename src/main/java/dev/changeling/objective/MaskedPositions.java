package dev.changeling.objective;

/**
 * Which positions of a batch are masked, and what the generator reads there; in host memory.
 *
 * @param positions flat index into B·S, ascending, M entries
 * @param originals the token that stands there
 * @param written the token that the generator reads there
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two stages, never compared
public record MaskedPositions(int[] positions, int[] originals, int[] written) {
    /** Returns M. */
    public int count() {
        return positions.length;
    }
}
