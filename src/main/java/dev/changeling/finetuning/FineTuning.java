package dev.changeling.finetuning;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.checkpoint.Provenance;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.ModelCard;
import dev.changeling.hub.Pretrained;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.model.Discriminator;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Initialization;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.task.Labels;
import dev.changeling.task.Question;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.TextExample;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * The fine-tuning of a pre-trained encoder on a task, with one seed or several, and what comes out of it: the scores of
 * all, and the network of the best.
 */
public final class FineTuning {
    private final FineTuningPlan plan;
    private final Engine engine;
    private final FineTuningObserver observer;

    private FineTuning(FineTuningPlan plan, Engine engine, FineTuningObserver observer) {
        this.plan = plan;
        this.engine = engine;
        this.observer = observer;
    }

    /**
     * Trains, and writes all that came out into a folder, which appears as a whole or not at all.
     *
     * @param out a new folder
     * @return the scores of all trainings
     * @throws InputException if the network or the data can't be used, or the folder is there
     * @throws dev.changeling.training.NonFiniteException if a loss or a gradient is not finite
     * @throws IOException if a file can't be read
     */
    public static FineTuningReport run(FineTuningPlan plan, Engine engine, Path out, FineTuningObserver observer)
            throws IOException {
        return new FineTuning(plan, engine, observer).run(out);
    }

    private FineTuningReport run(Path out) throws IOException {
        TaskFiles data = plan.data();
        try (FineTuningFolder folder = FineTuningFolder.begin(out);
                Pretrained<TransformerEncoder> base = HuggingFaceImport.readEncoder(plan.model(), engine)) {
            Tokenizer tokenizer = base.tokenizer();
            SequenceBuilder sequences =
                    new SequenceBuilder(base.sequences().special(), Math.min(plan.longest(), base.sequenceLength()));
            TextItems text = new TextItems(tokenizer, sequences);
            TaskFormat format = data.format();
            return switch (format.kind()) {
                case CLASSIFICATION -> {
                    TaskFiles.Split<TextExample> split = data.texts();
                    Labels labels = severalLabels(Labels.of(split.all()), data.train());
                    yield train(
                            new ClassificationTask(
                                    labels,
                                    plan.balanced()
                                            ? ClassificationTask.balancedWeights(labels, split.train())
                                            : ClassificationTask.evenWeights(labels),
                                    text),
                            split,
                            base,
                            folder);
                }
                case MULTI_LABEL -> {
                    TaskFiles.Split<TextExample> split = data.texts();
                    yield train(new MultiLabelTask(Labels.of(split.all()), text), split, base, folder);
                }
                case REGRESSION -> {
                    yield train(new RegressionTask(format.numberName(), text), data.texts(), base, folder);
                }
                case TAGGING -> {
                    TaskFiles.Split<TaggedSentence> split = data.sentences();
                    yield train(
                            new TaggingTask(
                                    Labels.ofTags(split.all()), format.conll().scheme(), tokenizer, sequences),
                            split,
                            base,
                            folder);
                }
                case ANSWERS -> {
                    TaskFiles.Split<Question> split = data.questions();
                    boolean mayBeNone = split.all().stream().anyMatch(Question::impossible);
                    yield train(new AnswerTask(tokenizer, sequences, mayBeNone), split, base, folder);
                }
                case EMBEDDING -> {
                    boolean paired = format.isPaired();
                    TaskFiles.Split<TextExample> split = data.texts();
                    if (format.columns().label() == null) {
                        if (!paired && plan.settings().dropout() == 0) {
                            throw new UsageException(
                                    "--dropout 0: a text without a partner is told from itself by dropout"
                                            + " alone; expected some, for example 0.1");
                        }
                        yield train(new EmbeddingTask(plan.temperature(), paired, text), split, base, folder);
                    }
                    if (!paired) {
                        throw new UsageException("a label says how alike two texts are; expected two text columns");
                    }
                    yield train(SimilarityTask.of(split.all(), text), split, base, folder);
                }
            };
        }
    }

    private static Labels severalLabels(Labels labels, Path file) {
        if (labels.size() < 2) {
            throw new InputException(
                    file + ": only one label, \"" + labels.name(0) + "\"; expected two or more to tell apart");
        }
        return labels;
    }

    private <X, T, P> FineTuningReport train(
            Task<X, T, P> task, TaskFiles.Split<X> split, Pretrained<TransformerEncoder> base, FineTuningFolder folder)
            throws IOException {
        String metric = plan.metric() == null ? task.measures().get(0) : plan.metric();
        if (!task.measures().contains(metric)) {
            throw new UsageException("--metric " + metric + ": decides nothing in this task; expected one of "
                    + String.join(", ", task.measures()));
        }
        List<Item<T>> items = split.train().stream()
                .flatMap(example -> task.items(example).stream())
                .toList();
        split.dev().forEach(task::items); // an unknown label is found now, not after an hour
        SeedTraining<X, T, P> training = new SeedTraining<>(
                task,
                plan.settings(),
                items,
                split.dev(),
                base.padding(),
                scores -> new TaskScores(metric, scores.values()),
                observer);
        int stepsAnEpoch = plan.settings().stepsAnEpoch(items.size());
        Provenance provenance = folder.writeProvenance(plan, engine);
        observer.prepared(
                split.train().size(),
                split.dev().size(),
                stepsAnEpoch * plan.settings().epochs());
        List<SeedResult> results = new ArrayList<>();
        try (StandaloneModel<TaskNetwork> model = task.kind()
                        .network(
                                engine,
                                base.model().config(),
                                vocabularySize(base.model().parameters()),
                                task.labels().size(),
                                plan.pooling());
                KeptWeights best = new KeptWeights()) {
            SeedTraining.Outcome<P> chosen = null;
            for (int i = 0; i < plan.seeds(); i++) {
                long seed = plan.firstSeed() + i;
                start(model, base, seed);
                SeedTraining.Outcome<P> outcome = training.run(model, seed);
                results.add(outcome.result());
                if (chosen == null
                        || outcome.result().scores().value()
                                > chosen.result().scores().value()) {
                    chosen = outcome;
                    best.keep(model.parameters());
                }
            }
            if (chosen == null) {
                throw new UsageException("no seeds; expected at least one");
            }
            best.restore(model.parameters());
            FineTuningReport report = new FineTuningReport(
                    task.kind(),
                    split.train().size(),
                    split.dev().size(),
                    results,
                    chosen.result().seed());
            FineTuned network = new FineTuned(
                    task.kind(),
                    task.labels(),
                    plan.pooling(),
                    task instanceof AnswerTask answers && answers.mayBeNone(),
                    new Pretrained<>(model, base.tokenizer(), Math.min(plan.longest(), base.sequenceLength())));
            ModelCard card = new TaskCard(plan, report, network, provenance).card();
            folder.write(plan, report, network, card, task, split.dev(), chosen.predictions());
            return report;
        }
    }

    private static int vocabularySize(ParameterStore parameters) {
        return Math.toIntExact(parameters
                .part(Discriminator.PREFIX + EmbeddingTables.WORDS)
                .shape()
                .get(0));
    }

    /**
     * Gives a network its starting weights: a new head on the trunk, its last layers new if that is asked for, or all.
     */
    private void start(StandaloneModel<TaskNetwork> model, Pretrained<TransformerEncoder> base, long seed) {
        Map<String, Parameter.Part> trunk = base.model().parameters().parts();
        int layers = base.model().config().discriminator().layers();
        Predicate<String> isNew = name -> plan.fromScratch()
                || !trunk.containsKey(name)
                || LayerRates.isOfLast(plan.settings().newLayers(), layers, name);
        double deviation = base.model().config().initialization().standardDeviation();
        Initialization.apply(model.parameters(), isNew, deviation, seed);
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().parts().forEach((name, part) -> {
                Parameter.Part learnt = trunk.get(name);
                if (learnt != null && !isNew.test(name)) {
                    part.tensor().copy_(learnt.tensor());
                }
            });
        }
    }
}
