package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides which documents are held out: those whose number, a hash of seed and content, is below the fraction, so that
 * copies of a document are always on the same side.
 *
 * <p>A small corpus may have none such. Until one comes, the document with the lowest number so far, and its copies,
 * are kept back; if none comes, they are the held-out split.
 */
final class HeldOutSplit {
    private final long seed;
    private final double fraction;
    private final Sink sink;
    private @Nullable Document candidate;
    private long candidateHash;
    private double candidateNumber;
    private long candidateCopies;
    private long trained;
    private long heldOut;

    HeldOutSplit(long seed, double fraction, Sink sink) {
        this.seed = seed;
        this.fraction = fraction;
        this.sink = sink;
    }

    /** Where documents go, in an order that depends on the documents alone. */
    @FunctionalInterface
    interface Sink {
        void add(Document document, long hash, boolean heldOut) throws IOException;
    }

    /** @param hash of the document's text */
    void add(Document document, long hash) throws IOException {
        double number = RandomStream.of(seed, Purpose.SPLIT, hash).nextDouble();
        if (number < fraction) {
            release();
            emit(document, hash, true);
        } else if (heldOut > 0) {
            emit(document, hash, false);
        } else if (candidate != null && hash == candidateHash) {
            candidateCopies++;
        } else if (candidate == null || number < candidateNumber) {
            release();
            candidate = document;
            candidateHash = hash;
            candidateNumber = number;
            candidateCopies = 1;
        } else {
            emit(document, hash, false);
        }
    }

    /** @throws InputException if one of the splits would have no document */
    void finish() throws IOException {
        if (candidate == null && heldOut == 0) {
            throw new InputException("the corpus holds no document");
        }
        if (trained == 0 && candidate != null) {
            throw new InputException(
                    "the corpus holds one document only, or copies of one; expected at least two, one of them to hold"
                            + " out (is the boundary between documents set right?)");
        }
        if (trained == 0) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "all %d documents fell into the held-out split; expected a smaller fraction than %s, or another"
                            + " seed than %d",
                    heldOut,
                    fraction,
                    seed));
        }
        Document last = candidate;
        if (last != null) {
            for (long i = 0; i < candidateCopies; i++) {
                emit(last, candidateHash, true);
            }
        }
    }

    private void release() throws IOException {
        Document released = candidate;
        if (released != null) {
            candidate = null;
            for (long i = 0; i < candidateCopies; i++) {
                emit(released, candidateHash, false);
            }
        }
    }

    private void emit(Document document, long hash, boolean isHeldOut) throws IOException {
        if (isHeldOut) {
            heldOut++;
        } else {
            trained++;
        }
        sink.add(document, hash, isHeldOut);
    }
}
