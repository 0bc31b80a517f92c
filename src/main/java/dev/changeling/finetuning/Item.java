package dev.changeling.finetuning;

import dev.changeling.batch.Sequence;
import java.util.List;

/**
 * What the network is shown at once of an example, and what it should have said.
 *
 * @param sequences one, or the two that belong together
 * @param target what it should have said
 * @param <T> what that is for this task
 */
record Item<T>(List<Sequence> sequences, T target) {
    Item {
        sequences = List.copyOf(sequences);
    }

    static <T> Item<T> of(Sequence sequence, T target) {
        return new Item<>(List.of(sequence), target);
    }

    /** Returns how many tokens its sequences have together. */
    int length() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }
}
