package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.UsageException;
import dev.changeling.hub.TaskFolders;
import dev.changeling.hub.TaskKind;
import dev.changeling.server.MissingService;
import dev.changeling.server.Service;
import dev.changeling.server.TextInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is offered of each kind of fine-tuned network. */
class ServedModelTest {
    @TempDir
    private Path folder;

    private @Nullable Double noneThreshold;

    private JsonNode predicted(TaskKind kind, List<String> labels, TextInput... inputs) throws IOException {
        Path model = TaskFolders.write(folder, kind, labels.toArray(String[]::new));
        try (ServedModel served =
                ServedModel.load(model, new GeneratorArgument(), noneThreshold, new PrintWriter(new StringWriter()))) {
            assertThat(served.services()).extracting(Service::path).containsExactly("/predict", "/embed");
            assertThat(served.missing()).extracting(MissingService::path).containsExactly("/detect");
            Service service = served.services().get(0);
            List<?> results = service.function().apply(List.of(inputs));
            JsonNode described =
                    JsonMapper.shared().readTree(service.resultSchema()).path("properties");
            JsonNode json = JsonMapper.shared().valueToTree(results);
            json.forEach(
                    result -> assertThat(described.propertyNames()).containsAll(List.copyOf(result.propertyNames())));
            return json;
        }
    }

    @Test
    void aClassifierTakesPairs() throws IOException {
        JsonNode found = predicted(
                TaskKind.CLASSIFICATION,
                List.of("no", "yes"),
                TextInput.of("the cat"),
                new TextInput("the cat", "the mat"),
                new TextInput("the cat", "sat on"));
        assertThat(found.at("/0/label").asString()).isIn("no", "yes");
        assertThat(found.at("/0").has("second")).isFalse();
        assertThat(found.at("/1/second").asString()).isEqualTo("the mat");
        assertThat(List.of(
                        found.at("/0/probability").asDouble(),
                        found.at("/1/probability").asDouble(),
                        found.at("/2/probability").asDouble()))
                .doesNotHaveDuplicates();
    }

    @Test
    void aGeneratorThatNobodyWouldAskIsRefused() throws IOException {
        Path model = TaskFolders.write(folder, TaskKind.CLASSIFICATION, "no", "yes");
        GeneratorArgument generator = new GeneratorArgument();
        new CommandLine(generator).parseArgs("--generator", "other");
        assertThatThrownBy(() -> ServedModel.load(model, generator, null, new PrintWriter(new StringWriter())))
                .isInstanceOf(UsageException.class)
                .hasMessage("--generator: this model has no head that tells replaced tokens");
    }

    @Test
    void anAnswerStandsInTheText() throws IOException {
        String text = "the cat sat on the mat";
        noneThreshold = 1e9;
        JsonNode found = predicted(TaskKind.ANSWERS, List.of(), new TextInput(text, "the mat"));
        JsonNode first = found.get(0);
        assertThat(first.path("text").asString()).isEqualTo(text);
        assertThat(first.path("question").asString()).isEqualTo("the mat");
        assertThat(text.substring(first.path("start").asInt(), first.path("end").asInt()))
                .isEqualTo(first.path("answer").asString())
                .isNotEmpty();
        noneThreshold = -1e9;
        JsonNode none = predicted(TaskKind.ANSWERS, List.of(), new TextInput(text, "the mat"))
                .get(0);
        assertThat(none.path("answer").asString()).isEmpty();
        assertThat(predicted(TaskKind.ANSWERS, List.of(), new TextInput(" ", "the mat"))
                        .at("/0/score")
                        .toString())
                .isEqualTo("0.0");
    }

    @Test
    void aThresholdIsForAnswers() {
        noneThreshold = 1.0;
        assertThatThrownBy(() -> predicted(TaskKind.CLASSIFICATION, List.of("no", "yes")))
                .hasMessageContaining("--none-threshold: ");
    }

    @Test
    void tagsHavePlacesAndMakeSpans() throws IOException {
        String text = "The cat, sat.";
        JsonNode first = predicted(TaskKind.TAGGING, List.of("B-x", "I-x"), TextInput.of(text))
                .get(0);
        assertThat(first.path("offsets").toString()).isEqualTo("[[0,3],[4,7],[7,8],[9,12],[12,13]]");
        assertThat(first.path("spans").isEmpty()).isFalse();
        int end = 0;
        for (JsonNode span : first.path("spans")) {
            assertThat(text.substring(
                            span.path("start").asInt(), span.path("end").asInt()))
                    .isEqualTo(span.path("text").asString());
            assertThat(text.substring(end, span.path("start").asInt())).isBlank();
            assertThat(span.path("type").asString()).isEqualTo("x");
            end = span.path("end").asInt();
        }
        assertThat(end).isEqualTo(text.length());
    }

    @Test
    void tagsThatMakeNoSpansHaveNone() throws IOException {
        JsonNode first = predicted(TaskKind.TAGGING, List.of("NOUN", "VERB"), TextInput.of("the cat"))
                .get(0);
        assertThat(first.has("spans")).isFalse();
        assertThat(first.path("offsets").size()).isEqualTo(2);
    }
}
