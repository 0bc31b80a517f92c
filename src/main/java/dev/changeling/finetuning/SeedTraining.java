package dev.changeling.finetuning;

import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One training: epochs over the items, a score after each, and the choice of the weights that are taken.
 *
 * @param task what is learnt
 * @param settings how
 * @param items of the training examples
 * @param dev examples to score on
 * @param padding the id of [PAD]
 * @param primary gives scores the measure that decides
 * @param observer is told how it goes
 * @param <X> an example
 * @param <T> a target
 * @param <P> what is predicted of an example
 */
record SeedTraining<X, T, P>(
        Task<X, T, P> task,
        FineTuningSettings settings,
        List<Item<T>> items,
        List<X> dev,
        int padding,
        UnaryOperator<TaskScores> primary,
        FineTuningObserver observer) {

    /**
     * What came out, and what the network, which has the chosen weights, says of the examples.
     *
     * @param <P> what is predicted of an example
     */
    record Outcome<P>(SeedResult result, List<P> predictions) {}

    /** Trains a network from its starting weights. */
    Outcome<P> run(StandaloneModel<TaskNetwork> model, long seed) {
        try (FineTuner<X, T, P> tuner = new FineTuner<>(task, model, settings, padding, seed);
                KeptWeights best = new KeptWeights()) {
            int stepsAnEpoch = tuner.stepsAnEpoch(items.size());
            List<Double> losses = new ArrayList<>();
            Outcome<P> outcome = null;
            int epoch = 0;
            boolean stops = false;
            while (epoch < settings.epochs() && !stops) {
                losses.add(epoch(tuner, epoch, stepsAnEpoch, seed));
                epoch++;
                if (settings.patience() > 0 || epoch == settings.epochs()) {
                    List<P> predictions = tuner.predict(dev);
                    TaskScores scores = primary.apply(task.scores(dev, predictions));
                    observer.scored(seed, epoch, scores);
                    if (settings.patience() == 0
                            || outcome == null
                            || scores.value() > outcome.result().scores().value()) {
                        outcome = new Outcome<>(new SeedResult(seed, epoch, scores, losses), predictions);
                        best.keep(model.parameters());
                    }
                    stops = settings.patience() > 0 && epoch - outcome.result().epoch() >= settings.patience();
                }
            }
            if (outcome == null) {
                throw new IllegalStateException("no epoch was scored");
            }
            best.restore(model.parameters());
            return outcome;
        }
    }

    private double epoch(FineTuner<X, T, P> tuner, int epoch, int stepsAnEpoch, long seed) {
        double sum = 0;
        for (int i = 0; i < stepsAnEpoch; i++) {
            int step = epoch * stepsAnEpoch + i;
            double loss = tuner.step(step, items);
            observer.step(seed, step + 1, loss);
            sum += loss;
        }
        return sum / stepsAnEpoch;
    }
}
