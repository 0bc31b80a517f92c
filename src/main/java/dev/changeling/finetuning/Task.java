package dev.changeling.finetuning;

import dev.changeling.hub.TaskKind;
import dev.changeling.tensor.Engine;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * What is learnt: how examples become items, what is lost on the network's outputs, what is read out of them, and how
 * that is scored.
 *
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
interface Task<X, T, P> {
    /** Returns what the network is for. */
    TaskKind kind();

    /** Returns the labels by id; none where there are none. */
    List<String> labels();

    /** Cuts an example into what the network can be shown. */
    List<Item<T>> items(X example);

    /**
     * Returns the loss, summed over what is judged, a scalar.
     *
     * @param outputs of the items' sequences in their order, see {@link dev.changeling.model.TaskNetwork#outputs}
     */
    Tensor lossSum(Engine engine, Tensor outputs, List<Item<T>> items);

    /** Returns how much an item counts in the loss, which is averaged by it. */
    double weight(Item<T> item);

    /** Returns whether an item's loss depends on the others of its batch, so that all must be sent at once. */
    default boolean isJoint() {
        return false;
    }

    /**
     * Reads out what the network says.
     *
     * @param items of the example
     * @param outputs of the items' sequences, in their order
     */
    P prediction(X example, List<Item<T>> items, List<float[]> outputs);

    /** Scores predictions beside what the examples are labelled with. */
    TaskScores scores(List<X> examples, List<P> predictions);

    /** Returns columns that tell of an example, its label and a prediction, by name, for people. */
    Map<String, Object> row(X example, P prediction);

    /** Returns more that can be told of all predictions together, as texts by the names of their files. */
    default Map<String, String> tables(List<X> examples, List<P> predictions) {
        return Map.of();
    }
}
