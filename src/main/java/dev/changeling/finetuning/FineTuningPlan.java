package dev.changeling.finetuning;

import dev.changeling.model.Pooling;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be learnt, from what, and how.
 *
 * @param model the folder of an ELECTRA, whatever head is on it
 * @param fromScratch whether only its shape and tokenizer are taken, and the weights drawn anew
 * @param data the examples
 * @param settings of the training
 * @param firstSeed of the random numbers of the first training: head, order, dropout
 * @param seeds how many trainings, with consecutive seeds
 * @param longest of a sequence, in tokens; never more than the network takes
 * @param balanced whether each class counts the same in the loss; {@link dev.changeling.hub.TaskKind#CLASSIFICATION}
 *     only
 * @param pooling of vectors; {@link dev.changeling.hub.TaskKind#EMBEDDING} only
 * @param temperature of the contrastive loss; {@link dev.changeling.hub.TaskKind#EMBEDDING} only
 * @param metric by which one training is better than another; null for the task's own
 * @param commandLine as it was given
 */
public record FineTuningPlan(
        Path model,
        boolean fromScratch,
        TaskFiles data,
        FineTuningSettings settings,
        long firstSeed,
        int seeds,
        int longest,
        boolean balanced,
        Pooling pooling,
        double temperature,
        @Nullable String metric,
        List<String> commandLine) {}
