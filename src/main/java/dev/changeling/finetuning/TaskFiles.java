package dev.changeling.finetuning;

import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The files of a task.
 *
 * @param format of both
 * @param train the examples to learn from
 * @param dev those to score on; null to hold some of {@code train} out
 * @param heldOut the part of {@code train} that is held out if there is no {@code dev}
 */
public record TaskFiles(
        TaskFormat format, Path train, @Nullable Path dev, double heldOut) {

    /**
     * Examples to learn from, and to score on.
     *
     * @param train what is learnt from
     * @param dev what is scored on
     * @param all what the training file holds, {@code train} and what is held out of it: the labels that there are
     * @param <X> an example
     */
    record Split<X>(List<X> train, List<X> dev, List<X> all) {
        /** Checks what is learnt from, then what is scored on. */
        void require(Consumer<X> check) {
            train.forEach(check);
            dev.forEach(check);
        }
    }

    /** Returns whether what is learnt is scored on: both are one file. */
    public boolean scoresOnTrain() throws IOException {
        return dev != null && Files.isSameFile(train, dev);
    }

    /**
     * Reads the examples.
     *
     * @param reader of a file
     * @throws InputException if a file can't be used, or the examples are too few to hold some out
     */
    <X> Split<X> split(Function<Path, List<X>> reader) {
        List<X> all = reader.apply(train);
        if (dev != null) {
            return new Split<>(all, reader.apply(dev), all);
        }
        List<X> learnt = new ArrayList<>();
        List<X> held = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            // The same examples for every seed, so that seeds can be compared.
            boolean isHeld = RandomStream.of(0, Purpose.SPLIT, i).nextDouble() < heldOut;
            (isHeld ? held : learnt).add(all.get(i));
        }
        if (held.isEmpty() || learnt.isEmpty()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %d examples are too few to hold %s of them out; expected more, or a file to score on",
                    train,
                    all.size(),
                    heldOut));
        }
        return new Split<>(learnt, held, all);
    }
}
