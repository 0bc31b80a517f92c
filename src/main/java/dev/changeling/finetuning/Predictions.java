package dev.changeling.finetuning;

import dev.changeling.batch.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a network says of examples: it is asked about all their sequences at once, and what it says is read out. */
final class Predictions {
    private Predictions() {}

    /**
     * Returns what is predicted of each example, in their order.
     *
     * @param ask returns the network's outputs for sequences, in their order
     * @param check of each output, before it is read
     */
    static <X, T, P> List<P> of(
            Task<X, T, P> task,
            List<X> examples,
            Function<List<Sequence>, List<float[]>> ask,
            Consumer<float[]> check) {
        List<List<Item<T>>> items = examples.stream().map(task::items).toList();
        List<float[]> outputs = ask.apply(
                items.stream().flatMap(each -> sequences(each).stream()).toList());
        outputs.forEach(check);
        List<P> predictions = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < examples.size(); i++) {
            int count = sequences(items.get(i)).size();
            predictions.add(task.prediction(examples.get(i), items.get(i), outputs.subList(next, next + count)));
            next += count;
        }
        return predictions;
    }

    private static <T> List<Sequence> sequences(List<Item<T>> items) {
        return items.stream().flatMap(item -> item.sequences().stream()).toList();
    }
}
