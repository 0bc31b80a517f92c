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
import dev.changeling.tensor.Engine;
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

    /**
     * Reads the examples of a plan and refuses whatever of it {@link #run} would refuse before its first training and
     * can be known without the network, which need not be there.
     *
     * @throws InputException if the data can't be used, or the plan asks for what its task has not
     */
    public static void requireUsable(FineTuningPlan plan) {
        TaskDefinition.of(plan.data().format()).examples(plan);
    }

    private FineTuningReport run(Path out) throws IOException {
        try (FineTuningFolder folder = FineTuningFolder.begin(out)) {
            TaskExamples<?, ?, ?> examples =
                    TaskDefinition.of(plan.data().format()).examples(plan);
            try (Pretrained<TransformerEncoder> base = HuggingFaceImport.readEncoder(plan.model(), engine)) {
                return train(examples, base, folder);
            }
        }
    }

    private <X, T, P> FineTuningReport train(
            TaskExamples<X, T, P> examples, Pretrained<TransformerEncoder> base, FineTuningFolder folder)
            throws IOException {
        TaskFiles.Split<X> split = examples.split();
        SequenceBuilder sequences =
                new SequenceBuilder(base.sequences().special(), Math.min(plan.longest(), base.sequenceLength()));
        Task<X, T, P> task = examples.task().apply(new TextItems(base.tokenizer(), sequences));
        List<Item<T>> items = split.train().stream()
                .flatMap(example -> task.items(example).stream())
                .toList();
        SeedTraining<X, T, P> training = new SeedTraining<>(
                task,
                plan.settings(),
                items,
                split.dev(),
                base.padding(),
                scores -> new TaskScores(examples.metric(), scores.values(), scores.settings()),
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
