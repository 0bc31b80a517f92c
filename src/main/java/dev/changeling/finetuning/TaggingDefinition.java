package dev.changeling.finetuning;

import dev.changeling.task.Labels;
import dev.changeling.task.TaggedSentence;
import java.nio.file.Path;
import java.util.List;

/** The definition of {@link TaggingTask}. */
record TaggingDefinition(TaskFormat format)
        implements TaskDefinition<TaggedSentence, TaggingTask.Target, List<String>> {

    @Override
    public List<TaggedSentence> read(Path file) {
        return format.sentences(file);
    }

    @Override
    public TaskExamples<TaggedSentence, TaggingTask.Target, List<String>> examples(FineTuningPlan plan) {
        TaskFiles.Split<TaggedSentence> split = plan.data().split(this::read);
        Labels labels = Labels.ofTags(split.all());
        split.require(sentence -> TaskExamples.requireKnown(labels, sentence.tags(), sentence.where()));
        return TaskExamples.of(plan, split, TaggingTask.measures(format.conll().scheme()), text -> task(labels, text));
    }

    @Override
    public TaggingTask taught(TaughtNetwork network, List<TaggedSentence> examples) {
        return task(network.labels(), network.text());
    }

    private TaggingTask task(Labels labels, TextItems text) {
        return new TaggingTask(labels, format.conll().scheme(), text.tokenizer(), text.sequences());
    }

    @Override
    public CardWords words() {
        return CardWords.ofPipeline("token-classification", "It tags every word of a sentence.");
    }
}
