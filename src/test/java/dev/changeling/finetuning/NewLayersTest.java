package dev.changeling.finetuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.hub.TaskKind;
import dev.changeling.model.Pooling;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.TableColumns;
import dev.changeling.task.TagScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewLayersTest {
    /** So small that weights stay what they were. */
    private static final double NO_RATE = 1e-12;

    @TempDir
    private Path temporary;

    @Test
    void theLastLayersAreDrawnAnewAndTheOthersKept() throws IOException {
        Path model = TestExports.write(temporary, 5);
        Path table = temporary.resolve("train.tsv");
        Files.writeString(table, "text\tlabel\nthe cat\tyes\nthe mat\tno\n");
        TaskFiles files = new TaskFiles(
                new TaskFormat(
                        TaskKind.CLASSIFICATION,
                        TableColumns.oneLabel(List.of("text"), "label"),
                        ConllColumns.of(TagScheme.SPANS)),
                table,
                table,
                0);
        FineTuningPlan plan = new FineTuningPlan(
                model,
                false,
                files,
                new FineTuningSettings(1, 2, NO_RATE, 1, 0, 0, 0, 0, 0, 1),
                3,
                1,
                16,
                false,
                Pooling.MEAN,
                0.05,
                null,
                List.of());
        FineTuning.run(plan, TestExports.engine(), temporary.resolve("out"), FineTuningObserver.NONE);

        Map<String, NamedArray> before = arrays(model);
        Map<String, NamedArray> after = arrays(temporary.resolve("out/model"));
        for (String kept : List.of("embeddings.word_embeddings.weight", "encoder.layer.0.output.dense.weight")) {
            assertThat(numbers(after, kept)).as(kept).containsExactly(numbers(before, kept), within(1e-6f));
        }
        String drawn = "encoder.layer.1.output.dense.weight";
        assertThat(Math.abs(numbers(after, drawn)[0] - numbers(before, drawn)[0]))
                .isGreaterThan(1e-3f);
    }

    private static float[] numbers(Map<String, NamedArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get("electra." + name), name).floats();
    }

    private static Map<String, NamedArray> arrays(Path folder) throws IOException {
        return SafetensorsFile.readAll(folder.resolve("model.safetensors")).stream()
                .collect(Collectors.toMap(NamedArray::name, Function.identity()));
    }
}
