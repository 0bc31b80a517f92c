package dev.changeling.pretraining;

import dev.changeling.batch.Batch;
import dev.changeling.batch.HeldOutBatches;
import dev.changeling.checkpoint.Checkpoint;
import dev.changeling.checkpoint.CheckpointStore;
import dev.changeling.checkpoint.Progress;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.config.TrainingConfig;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.Evaluator;
import dev.changeling.evaluation.FrequencyBands;
import dev.changeling.evaluation.PretrainingReport;
import dev.changeling.hub.ModelCard;
import dev.changeling.model.Electra;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Generator;
import dev.changeling.model.Replicas;
import dev.changeling.objective.JointObjective;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.Engine;
import dev.changeling.training.SavedTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;

/** Both networks as the newest whole checkpoint of a run has them, for scoring and export. */
public final class TrainedRun implements AutoCloseable {
    private final Path run;
    private final Electra model;
    private final RunConfig config;
    private final Progress progress;

    private TrainedRun(Path run, Electra model, RunConfig config, Progress progress) {
        this.run = run;
        this.model = model;
        this.config = config;
        this.progress = progress;
    }

    /**
     * Loads the networks, on the device that the run's configuration asks for.
     *
     * @param run a run folder; a process may be training in it
     * @throws InputException if it holds no run or no whole checkpoint
     */
    public static TrainedRun load(Path run) {
        RunConfig config = RunFolder.configOf(run);
        CheckpointStore.Found found = RunFolder.checkpoints(run).latest();
        Checkpoint checkpoint = found.checkpoint()
                .orElseThrow(() -> new InputException(run + ": has no whole checkpoint yet"
                        + (found.passedOver().isEmpty()
                                ? ""
                                : " (damaged: " + found.passedOver().get(0).folder() + ", "
                                        + found.passedOver().get(0).reason() + ")")));
        TrainingConfig training = config.training();
        Engine engine = Engine.start(training.device(), training.precision(), training.threads());
        try (SafetensorsFile file = checkpoint.openTensors()) {
            List<NamedArray> arrays = file.names().stream().map(file::array).toList();
            Electra model = new Electra(
                    engine, config.model(), vocabularySize(file, checkpoint), JointObjective.heads(config.objective()));
            try (PointerScope scope = new PointerScope()) {
                SavedTensors.copyInto(model.parameters().parts(), arrays);
            }
            return new TrainedRun(run, model, config, checkpoint.progress());
        }
    }

    private static int vocabularySize(SafetensorsFile file, Checkpoint checkpoint) {
        return Stream.of(Electra.SHARED, Generator.PREFIX)
                .flatMap(prefix -> file.find(prefix + EmbeddingTables.WORDS).stream())
                .findFirst()
                .map(words -> Math.toIntExact(words.shape().get(0)))
                .orElseThrow(() -> new InputException(checkpoint.folder() + ": lacks the table of words"));
    }

    /**
     * Scores both networks on the held-out rows of a data set, with the same masks and samples every time.
     *
     * @param rows how many held-out rows; 0 for all
     * @param counter is told on the way
     * @throws InputException if the data set's tokenizer is not the run's, or its rows do not fit the model
     */
    public PretrainingReport evaluate(Dataset dataset, int rows, RowCounter counter) {
        return evaluate(dataset, rows, config.objective(), counter);
    }

    /** Is told how an evaluation goes. */
    public interface RowCounter {
        /** Rows of all that are to be scored are done, or under way. */
        void scored(long rows, long all);
    }

    /**
     * As {@link #evaluate(Dataset, int, RowCounter)}, but with every replacement the generator's, whatever the run was
     * trained with: comparable with published scores.
     */
    public PretrainingReport evaluateOnGeneratorAlone(Dataset dataset, int rows, RowCounter counter) {
        return evaluate(dataset, rows, config.objective().withGeneratorAlone(), counter);
    }

    /** Returns scores of this run under the names that {@code metrics.jsonl} has after {@code heldout_}. */
    public Map<String, Number> byName(PretrainingReport scores, Dataset dataset) {
        return MetricNames.scores(scores, dataset.heldOutUnigramCrossEntropy(), config.objective());
    }

    private PretrainingReport evaluate(Dataset dataset, int rows, ObjectiveConfig objectiveConfig, RowCounter counter) {
        requireSameTokenizer(dataset);
        RunConfigFit.check(config, dataset);
        if (dataset.vocabularySize() != model.vocabularySize()) {
            throw new InputException("the data set has a vocabulary of " + dataset.vocabularySize()
                    + " tokens, the run was trained with one of " + model.vocabularySize());
        }
        TrainingConfig training = config.training();
        JointObjective objective = new JointObjective(objectiveConfig, dataset.tokenTable(), training.steps());
        try (Replicas<Electra> replicas = Replicas.of(model, training.batchSize() / training.deviceBatchSize())) {
            return new Evaluator(
                            replicas,
                            objective,
                            FrequencyBands.of(dataset.tokenCounts(), dataset.special()),
                            training.seed())
                    .evaluate(told(new HeldOutBatches(dataset, training.deviceBatchSize(), rows), counter));
        }
    }

    private static Iterable<Batch> told(HeldOutBatches batches, RowCounter counter) {
        return () -> IntStream.range(0, batches.batches())
                .mapToObj(i -> {
                    counter.scored(batches.rows() * i / batches.batches(), batches.rows());
                    return batches.batch(i);
                })
                .iterator();
    }

    /**
     * Refuses a data set whose token ids mean something else to the networks.
     *
     * @throws InputException if its tokenizer is not the run's
     */
    public void requireSameTokenizer(Dataset dataset) {
        String expected = RunFolder.inputsOf(run).get(RunInputs.TOKENIZER);
        if (expected != null && !expected.equals(dataset.tokenizerFingerprint())) {
            throw new InputException(run + ": trained with another tokenizer (" + expected
                    + ") than the data set was prepared with (" + dataset.tokenizerFingerprint() + ")");
        }
    }

    /** Returns the networks. */
    public Electra model() {
        return model;
    }

    /** Returns the run's configuration. */
    public RunConfig config() {
        return config;
    }

    /** Returns the steps that the networks were trained for. */
    public long step() {
        return progress.step();
    }

    /** Returns the names of the folders of the networks that have learned, or were given to the run. */
    public Set<String> networks() {
        return RunNetworks.of(run, config);
    }

    /** Returns what there is to say of each network, by the name of its folder. */
    public Map<String, ModelCard> cards() {
        return RunCards.of(RunFacts.read(run, config, progress, model));
    }

    /** Returns what there is to say of the discriminator's encoder, exported without its head. */
    public ModelCard encoderCard() {
        return RunCards.ofEncoder(RunFacts.read(run, config, progress, model));
    }

    @Override
    public void close() {
        model.close();
    }
}
