package dev.changeling.finetuning;

import dev.changeling.batch.EpochOrder;
import dev.changeling.model.Dropout;
import dev.changeling.model.PackedInput;
import dev.changeling.model.Replicas;
import dev.changeling.model.SequenceOutputs;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.training.AdamW;
import dev.changeling.training.NonFiniteException;
import dev.changeling.training.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * Trains a network on a task, step by step, and asks it. A pure function of the starting weights, the items and the
 * seed. Not safe for use by several threads.
 *
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
final class FineTuner<X, T, P> implements AutoCloseable {
    /** Few, so that there are several device batches for the threads. */
    private static final int ITEMS_A_DEVICE_BATCH = 16;

    private final Task<X, T, P> task;
    private final Engine engine;
    private final FineTuningSettings settings;
    private final int padding;
    private final long seed;
    private final Replicas<StandaloneModel<TaskNetwork>> replicas;
    private final AdamW optimizer;

    /**
     * Prepares the training of a network.
     *
     * @param model with its starting weights; it must stay open
     * @param padding the id of [PAD]
     */
    FineTuner(
            Task<X, T, P> task,
            StandaloneModel<TaskNetwork> model,
            FineTuningSettings settings,
            int padding,
            long seed) {
        this.task = task;
        this.engine = model.engine();
        this.settings = settings;
        this.padding = padding;
        this.seed = seed;
        int layers = model.config().discriminator().layers();
        optimizer = new AdamW(
                engine,
                model.parameters(),
                settings.optimizer(),
                model.parameters().groups(new LayerRates(settings.layerDecay(), layers)));
        boolean made = false;
        try {
            replicas = Replicas.of(model, deviceBatches(settings.batchSize()));
            made = true;
        } finally {
            if (!made) { // no memory for the next one's gradients
                optimizer.close();
            }
        }
    }

    private int deviceBatches(int items) {
        return task.isJoint() ? 1 : (items + ITEMS_A_DEVICE_BATCH - 1) / ITEMS_A_DEVICE_BATCH;
    }

    /** Returns the steps of an epoch; the last may be of fewer items. */
    int stepsAnEpoch(int items) {
        return settings.stepsAnEpoch(items);
    }

    /**
     * Runs one step.
     *
     * @param step from 0, counted over all epochs
     * @return the loss
     * @throws NonFiniteException before the weights are touched, if the loss or the gradient is not finite
     */
    double step(int step, List<Item<T>> items) {
        int stepsAnEpoch = stepsAnEpoch(items.size());
        List<Item<T>> batch = batch(step, stepsAnEpoch, items);
        List<PackedItems<T>> deviceBatches = PackedItems.of(batch, deviceBatches(batch.size()));
        double weight = batch.stream().mapToDouble(task::weight).sum();
        double divisor = weight == 0 ? 1 : weight; // of words that the tokenizer drops, all of them
        replicas.clearGradients();
        double loss = replicas
                .run(deviceBatches.size(), (replica, i) -> pass(replica, deviceBatches.get(i), divisor, step, i))
                .stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        replicas.sumGradients();
        int steps = settings.epochs() * stepsAnEpoch;
        double rate = settings.learningRate() * new Schedule(settings.schedule(steps), steps).factor(step);
        try (Engine.Scope scope = engine.scope()) {
            double norm = optimizer.gradientNorm();
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                throw new NonFiniteException(String.format(
                        Locale.ROOT,
                        "step %d of seed %d: the loss or its gradient is not finite (loss %s, gradient norm %s); a lower"
                                + " --learning-rate usually helps",
                        step,
                        seed,
                        loss,
                        norm));
            }
            optimizer.step(step, rate, norm);
        }
        return loss;
    }

    /** Returns the items of a step, in the epoch's order. */
    private List<Item<T>> batch(int step, int stepsAnEpoch, List<Item<T>> items) {
        EpochOrder order = new EpochOrder(seed, step / stepsAnEpoch, items.size());
        int from = step % stepsAnEpoch * settings.batchSize();
        int to = Math.min(items.size(), from + settings.batchSize());
        List<Item<T>> batch = new ArrayList<>();
        for (int place = from; place < to; place++) {
            batch.add(items.get((int) order.row(place)));
        }
        return batch;
    }

    private double pass(StandaloneModel<TaskNetwork> replica, PackedItems<T> items, double weight, int step, int part) {
        long dropoutSeed = RandomStream.of(seed, Purpose.DROPOUT, step, part).nextLong();
        try (Engine.Scope scope = engine.scope()) {
            PackedInput input = PackedInput.of(engine, items.batch(padding));
            Dropout dropout = Dropout.seeded(engine, settings.dropout(), settings.attentionDropout(), dropoutSeed);
            Tensor outputs = replica.network().outputs(input, dropout);
            Tensor loss = task.lossSum(engine, outputs, items.inOrder()).div(new Scalar(weight));
            loss.backward();
            return loss.item_double();
        }
    }

    /**
     * Returns what the network says of examples, in their order, without dropout.
     *
     * @throws NonFiniteException if that is not finite: the last step has broken the weights
     */
    List<P> predict(List<X> examples) {
        return Predictions.of(
                task,
                examples,
                sequences -> SequenceOutputs.inBatches(
                        sequences,
                        batches -> replicas.run(
                                batches.size(),
                                (replica, i) ->
                                        SequenceOutputs.of(replica, padding).ofBatch(batches.get(i)))),
                this::requireFinite);
    }

    private void requireFinite(float[] output) {
        for (float number : output) {
            if (!Float.isFinite(number)) {
                throw new NonFiniteException(String.format(
                        Locale.ROOT,
                        "seed %d: what the network says after training is not finite (%s); a lower --learning-rate"
                                + " usually helps",
                        seed,
                        number));
            }
        }
    }

    @Override
    public void close() {
        replicas.close();
        optimizer.close();
    }
}
