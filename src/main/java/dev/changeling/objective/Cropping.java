package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.random.RandomStream;
import java.util.Arrays;

/**
 * Cuts sequences: of each, one stretch is kept, with its first token ([CLS]) and its last ([SEP]).
 *
 * @param fraction of the tokens between the two, the part that is kept; at least one of them is
 * @param padding the id of [PAD]
 */
record Cropping(double fraction, int padding) {

    /** Returns the same sequences cropped, in the same rows; each row has random numbers of its own. */
    Batch of(Batch batch, RowRandom random) {
        int size = batch.rows() * batch.length();
        Batch cropped =
                new Batch(batch.rows(), batch.length(), new int[size], new int[size], new int[size], new int[size], 0);
        int real = 0;
        for (int row = 0; row < batch.rows(); row++) {
            RandomStream numbers = random.row(row);
            int start = row * batch.length();
            int end = start + batch.length();
            int to = start;
            while (start < end && batch.sequences()[start] != 0) {
                int next = start + 1;
                while (next < end && batch.sequences()[next] == batch.sequences()[start]) {
                    next++;
                }
                to = crop(batch, start, next, cropped, to, numbers);
                start = next;
            }
            real += to - row * batch.length();
            Arrays.fill(cropped.tokens(), to, end, padding);
        }
        return new Batch(
                batch.rows(),
                batch.length(),
                cropped.tokens(),
                cropped.sequences(),
                cropped.positions(),
                cropped.segments(),
                real);
    }

    private int crop(Batch from, int start, int end, Batch into, int at, RandomStream numbers) {
        int inner = Math.max(0, end - start - 2);
        int kept = Math.min(inner, Math.max(1, (int) Math.rint(fraction * inner)));
        int first = start + 1 + (inner == kept ? 0 : numbers.nextInt(inner - kept + 1));
        int to = copy(from, start, into, at, 0);
        for (int i = 0; i < kept; i++) {
            to = copy(from, first + i, into, to, to - at);
        }
        return end - start > 1 ? copy(from, end - 1, into, to, to - at) : to;
    }

    private static int copy(Batch from, int i, Batch into, int to, int position) {
        into.tokens()[to] = from.tokens()[i];
        into.sequences()[to] = from.sequences()[i];
        into.segments()[to] = from.segments()[i];
        into.positions()[to] = position;
        return to + 1;
    }
}
