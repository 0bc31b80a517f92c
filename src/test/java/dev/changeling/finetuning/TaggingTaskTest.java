package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.task.Labels;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaggingTaskTest {
    @Test
    void aTagThatIsOfNoSchemeEndsASpanAndIsAWrongTag(@TempDir Path folder) throws IOException {
        List<TaggedSentence> gold = List.of(
                new TaggedSentence("gold.conll", 1, List.of("a", "b", "c"), List.of("B-x", "O", "O")),
                new TaggedSentence("gold.conll", 5, List.of("d", "e"), List.of("B-x", "I-x")));
        try (TinyTasks tiny = new TinyTasks(folder)) {
            TaggingTask task = new TaggingTask(
                    new Labels(List.of("B-x", "I-x", "O", "X")), TagScheme.SPANS, tiny.tokenizer(), tiny.sequences());
            assertThat(task.scores(gold, List.of(List.of("B-x", "X", "O"), List.of("B-x", "X")))
                            .values())
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("span_f1", 0.5, "precision", 0.5, "recall", 0.5, "accuracy", 0.6, "span_f1_x", 0.5));
        }
    }
}
