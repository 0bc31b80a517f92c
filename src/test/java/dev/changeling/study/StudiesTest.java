package dev.changeling.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.config.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The studies that come with the project. */
class StudiesTest {
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("studies"))) {
            return files.sorted().toList();
        }
    }

    private static StudyPlan plan(Path file) {
        return StudyPlan.of(StudyFile.read(file), Path.of("data"), Path.of("out"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void haveThreeSeedsAndThreeTasksForEachArm(Path file) {
        StudyPlan plan = plan(file);

        assertThat(plan.study().data()).isNotNull();
        assertThat(plan.study().out()).isNotNull();
        assertThat(plan.study().seeds()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(plan.study().arms()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(plan.study().tasks()).extracting(StudyTask::name).containsExactly("cola", "chunks", "sst2");
        // Arms that don't differ would be one arm twice.
        assertThat(plan.runs().stream().map(run -> run.config().toYaml())).doesNotHaveDuplicates();
    }

    @Test
    void sharesAllWeightsWithAGeneratorOfTheSameShape() {
        assertThat(plan(Path.of("studies/sharing.yaml")).runs())
                .extracting(run -> run.config().model().sharing())
                .containsAll(List.of(ModelConfig.Sharing.values()));
    }
}
