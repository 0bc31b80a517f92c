package dev.changeling.cli;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.WordNetGlosses;
import dev.changeling.finetuning.FineTuning;
import dev.changeling.finetuning.FineTuningObserver;
import dev.changeling.finetuning.FineTuningPlan;
import dev.changeling.finetuning.FineTuningReport;
import dev.changeling.finetuning.FineTuningSettings;
import dev.changeling.finetuning.TaskFiles;
import dev.changeling.finetuning.TaskFormat;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Pooling;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TagScheme;
import dev.changeling.tensor.Engine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What pre-training is good for: the encoder learns to tell which of WordNet's 45 topics a gloss belongs to, and the
 * same network does from random weights.
 */
final class QuickstartTask {
    private static final int TRAIN = 8000;
    private static final int DEV = 2000;
    private static final int GLOSSES = 117_791;
    private static final long SEED = 1;
    /**
     * As the verb finetune has it for a network this narrow, which was pre-trained without dropout; but both layers are
     * drawn anew. After two minutes they know neighbours only, and what the text is about is in the embeddings
     * (docs/experiments.md).
     */
    private static final FineTuningSettings SETTINGS = new FineTuningSettings(3, 32, 1e-3, 0.8, 0.1, 0.01, 0, 0, 0, 2);

    private final Path folder;

    /** @param folder where the examples and both networks go */
    QuickstartTask(Path folder) {
        this.folder = folder;
    }

    /**
     * How well both did.
     *
     * @param pretrained accuracy of the pre-trained encoder, from 0 to 1
     * @param fromScratch accuracy of the same network from random weights
     * @param examples that they were scored on
     */
    record Accuracies(double pretrained, double fromScratch, int examples) {}

    /** Writes the examples and trains on them twice. */
    Accuracies run(Path model, FineTuningObserver observer) throws IOException {
        Files.createDirectories(folder);
        writeExamples();
        FineTuningReport pretrained = train(model, false, "pretrained", observer);
        FineTuningReport fromScratch = train(model, true, "from-scratch", observer);
        return new Accuracies(accuracy(pretrained), accuracy(fromScratch), pretrained.dev());
    }

    private void writeExamples() throws IOException {
        try (WordNetGlosses glosses = new WordNetGlosses();
                BufferedWriter train = table("train.tsv");
                BufferedWriter dev = table("dev.tsv")) {
            int number = 0;
            for (Document gloss = glosses.next(); gloss != null; gloss = glosses.next()) {
                double chosen = RandomStream.of(SEED, Purpose.SPLIT, number++).nextDouble();
                String definition = gloss.text().lines().findFirst().orElse("").replace('\t', ' ');
                String row = definition + "\t" + glosses.topic() + "\n";
                if (chosen < TRAIN / (double) GLOSSES) {
                    train.write(row);
                } else if (chosen < (TRAIN + DEV) / (double) GLOSSES) {
                    dev.write(row);
                }
            }
        }
    }

    private BufferedWriter table(String name) throws IOException {
        BufferedWriter writer = Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8);
        writer.write("gloss\ttopic\n");
        return writer;
    }

    private FineTuningReport train(Path model, boolean fromScratch, String name, FineTuningObserver observer)
            throws IOException {
        TaskFiles files = new TaskFiles(
                new TaskFormat(
                        TaskKind.CLASSIFICATION,
                        TableColumns.oneLabel(List.of("gloss"), "topic"),
                        ConllColumns.of(TagScheme.SPANS)),
                folder.resolve("train.tsv"),
                folder.resolve("dev.tsv"),
                0);
        FineTuningPlan plan = new FineTuningPlan(
                model,
                fromScratch,
                files,
                SETTINGS,
                SEED,
                1,
                64,
                false,
                Pooling.MEAN,
                0.05,
                null,
                List.of("quickstart"));
        return FineTuning.run(plan, Engine.cpu(), folder.resolve(name), observer);
    }

    private static double accuracy(FineTuningReport report) {
        return report.seeds().get(0).scores().value();
    }
}
