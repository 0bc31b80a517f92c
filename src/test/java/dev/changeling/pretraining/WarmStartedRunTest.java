package dev.changeling.pretraining;

import static dev.changeling.pretraining.LittleRuns.config;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs that start from the networks of others. */
class WarmStartedRunTest {
    @TempDir
    private Path folder;

    private LittleRuns runs;

    @BeforeEach
    void prepareData() throws IOException {
        runs = new LittleRuns(folder);
    }

    @Test
    void aRunGoesOnFromTheNetworksOfAnother() throws IOException {
        Path first = folder.resolve("first");
        runs.start(config(), first, 99);
        double before = heldOutLoss(first);

        runs.initFrom = List.of(first.resolve("model"));
        Path second = folder.resolve("second");
        RunConfig still = config("optimizer.learning_rate=1e-9", "training.steps=2", "evaluation.every=1");
        runs.start(still, second, 99);

        assertThat(heldOutLoss(second)).isCloseTo(before, within(1e-3));
        assertThat(second.resolve("initialization.json")).content().contains("\"made_anew\" : [ ]");
        assertThat(runs.watcher.messages).anyMatch(line -> line.startsWith("loaded     shared.electra.embeddings.*"));
    }

    @Test
    void aMaskedLanguageModelIsTheEncoderThatARunStartsFrom() throws IOException {
        Path first = folder.resolve("first");
        runs.start(variant("bert"), first, 99);
        assertThat(first.resolve("model").toFile().list()).containsExactly("discriminator");

        for (Path from : List.of(first.resolve("model"), first.resolve("model/discriminator"))) {
            runs.initFrom = List.of(from);
            Path second = folder.resolve("second-" + from.getFileName());
            assertThat(runs.start(config(), second, 99)).isTrue();

            JsonNode told = JsonMapper.shared().readTree(Files.readAllBytes(second.resolve("initialization.json")));
            assertThat(tensors(told, "loaded"))
                    .contains("discriminator.electra.encoder.layer.1.output.dense.weight")
                    .noneMatch(name -> name.startsWith("generator."));
            assertThat(tensors(told, "left_out")).contains("generator_predictions.dense.weight");
        }
    }

    @Test
    void aGeneratorThatARunWasGivenIsKeptThoughItLearnsNothingThere() throws IOException {
        Path first = folder.resolve("first");
        runs.start(variant("no-sharing"), first, 99);
        runs.initFrom = List.of(first.resolve("model"));
        Path second = folder.resolve("second");
        runs.start(variant("fast-electra"), second, 99);

        assertThat(second.resolve("model/generator/model.safetensors"))
                .hasSameBinaryContentAs(first.resolve("model/generator/model.safetensors"));
        assertThat(second.resolve("model/generator/README.md"))
                .content()
                .contains("It was given to the run and learned nothing there.");
        assertThat(first.resolve("model/generator/README.md")).content().doesNotContain("It was given");
    }

    private static RunConfig variant(String variant) {
        return ConfigLoader.load(
                "debug", List.of(variant), List.of("training.steps=3", "training.threads=1", "evaluation.every=3"));
    }

    private static List<String> tensors(JsonNode told, String what) {
        return told.get(what)
                .valueStream()
                .map(item -> item.get("tensor").stringValue())
                .toList();
    }

    private static double heldOutLoss(Path run) throws IOException {
        String last = Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .filter(line -> line.contains("heldout"))
                .reduce((a, b) -> b)
                .orElseThrow();
        return JsonMapper.shared().readTree(last).get("heldout_mlm_loss").doubleValue();
    }

    @Test
    void resumingNeedsTheFirstNetworksOnlyUntilThereIsACheckpoint() throws IOException {
        Path first = folder.resolve("first");
        runs.start(config(), first, 99);
        runs.initFrom = List.of(first.resolve("model"));
        Path second = folder.resolve("second");
        runs.start(config(), second, 5);

        runs.initFrom = List.of();
        assertThat(runs.resume(config(), second)).isTrue();

        deleteCheckpoints(second);
        assertThatThrownBy(() -> runs.resume(config(), second))
                .isInstanceOf(InputException.class)
                .hasMessage(second + ": has no checkpoint yet; expected --init-from, as it was started with");
        runs.initFrom = List.of(second.resolve("model"));
        assertThatThrownBy(() -> runs.resume(config(), second))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("expected the same init_from");
        runs.initFrom = List.of(first.resolve("model"));
        assertThat(runs.resume(config(), second)).isTrue();
    }

    private static void deleteCheckpoints(Path run) throws IOException {
        new dev.changeling.disk.Disk().deleteFolder(run.resolve("checkpoints"));
    }
}
