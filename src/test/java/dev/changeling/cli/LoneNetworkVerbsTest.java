package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.onnx.OnnxSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs on runs that are not of a generator and a discriminator that detects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoneNetworkVerbsTest {
    private static final String LITTLE = " --config debug --data @shards --set training.steps=2 --set evaluation.rows=2"
            + " --set training.batch_size=2 --set training.device_batch_size=2";

    private Path folder = Path.of("");

    @BeforeAll
    void train(@TempDir Path temporary) throws IOException {
        folder = temporary;
        Files.writeString(
                folder.resolve("corpus.txt"),
                IntStream.range(0, 300)
                        .mapToObj(i -> "the old cat number " + i + " sat on a mat while the dog was barking at it .")
                        .collect(Collectors.joining("\n\n")));
        done("vocab --corpus @corpus.txt --size 120 --out @vocab.txt");
        done("prepare --corpus @corpus.txt --vocab @vocab.txt --length 32 --held-out 0.1 --out @shards");
        for (String variant : new String[] {"bert", "replace-mlm"}) {
            CommandRun pretrain = done("pretrain --variant " + variant + LITTLE + " --out @" + variant);
            assertThat(pretrain.out())
                    .contains(
                            variant.equals("bert") ? "no generator, discriminator 2 × 64" : "generator 2 × 32, disc",
                            "Next: changeling finetune --model "
                                    + folder.resolve(variant).resolve("model/discriminator") + " --task");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "replace-mlm"})
    void exportWritesTheNetworksThatLearned(String variant) {
        CommandRun export = done("export --run @" + variant + " --out @hf-" + variant);

        boolean alone = variant.equals("bert");
        Path out = folder.resolve("hf-" + variant);
        assertThat(export.out())
                .startsWith(out + (alone ? ": the discriminator alone after 2" : ": both networks after 2"))
                .contains("Next: changeling finetune --model " + out.resolve("discriminator"));
        assertThat(out.resolve("generator").toFile().exists()).isEqualTo(!alone);
        assertThat(out.resolve("discriminator/config.json")).content().contains("ElectraForMaskedLM");
        assertThat(out.resolve("discriminator/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve(variant).resolve("model/discriminator/model.safetensors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "replace-mlm"})
    void exportWritesTheEncoderAlone(String variant) {
        done("export --run @" + variant + " --task feature-extraction --out @encoder-" + variant);
        assertThat(folder.resolve("encoder-" + variant + "/config.json"))
                .content()
                .contains("ElectraModel");
        done("embed --model @encoder-" + variant + " cat");

        done("export --format onnx --run @" + variant + " --task feature-extraction --out @onnx-" + variant);
        done("export --format onnx --model @" + variant + "/model/discriminator --task feature-extraction --out @of-"
                + variant);
        Path graph = folder.resolve("onnx-" + variant + "/model.onnx");
        assertThat(folder.resolve("of-" + variant + "/model.onnx")).hasSameBinaryContentAs(graph);
        try (OnnxSession session = OnnxSession.open(graph)) {
            long[][] row = {{2, 17, 30, 3}};
            assertThat(session.run(row, new long[][] {{1, 1, 1, 1}}, new long[1][4])
                            .values())
                    .hasSize(4 * 64);
        }
        CommandRun measured = done("export --format onnx --run @" + variant
                + " --task feature-extraction --quantize int8 --data @shards --out @int8-" + variant);
        assertThat(measured.out()).contains("was not measured");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " --task replaced-token-detection"})
    void exportSaysInOneLineThatNoGraphPredictsTokens(String task) {
        CommandRun run = CommandRun.in(folder, "export --format onnx --run @bert --out @x" + task);

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .startsWith("changeling: " + folder.resolve("bert") + ": its discriminator predicts tokens")
                .contains("expected --task feature-extraction")
                .hasLineCount(1);
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void aMaskedLanguageModelSeedsARunThatDetects() {
        CommandRun seeded = CommandRun.in(folder, "pretrain" + LITTLE + " --out @seeded --init-from @bert/model");
        assertThat(seeded.code()).isZero();
        assertThat(seeded.out()).contains("Next: changeling detect");

        CommandRun imported = done("import --from @bert/model/discriminator --out @imported");
        assertThat(imported.out())
                .contains("left out   generator_predictions.* ")
                .doesNotContain("detect");
        assertThat(folder.resolve("imported/discriminator")).isDirectory();
        assertThat(folder.resolve("imported/generator")).doesNotExist();
    }

    @Test
    void reportSaysThatThereIsNoGame() {
        JsonNode told =
                JsonMapper.shared().readTree(done("report @bert --json").out()).at("/runs/0");

        assertThat(told.at("/condition").asString()).isEqualTo("no_game");
        assertThat(told.at("/scores").propertyNames())
                .contains("correction_loss")
                .doesNotContain("sampled_accuracy");
        assertThat(done("report @bert").out())
                .startsWith(folder.resolve("bert") + ": no game: one network learns")
                .doesNotContain("generator", "NaN", "Infinity");
    }

    @Test
    void evaluateScoresNoGeneratorThatIsNotThere() {
        CommandRun text = done("evaluate --run @bert --data @shards");
        assertThat(text.out()).contains("correction loss").doesNotContain("generator", "NaN");
        assertThat(done("evaluate --run @bert --data @shards --json").out()).doesNotContain("sampled_accuracy");
    }

    @Test
    void atMaskedPositionsTheLineIsTheMajoritys() {
        CommandRun pretrain = done("pretrain --variant electra-15" + LITTLE + " --out @masked"
                + " --set objective.sampling.unigram_fraction=0");
        assertThat(pretrain.out()).contains("(always the majority: ").doesNotContain("original");
        CommandRun evaluate = done("evaluate --run @masked --data @shards");
        assertThat(evaluate.out())
                .containsPattern("RTD loss +\\S+ +always the majority: ")
                .containsPattern(" accuracy +\\S+ +always the majority: (0\\.[5-9]|1\\.0)")
                .doesNotContain("\"original\"");
        assertThat(done("report @masked").out()).doesNotContain("NaN", "Infinity");
    }

    @Test
    void detectAsksNoGeneratorThatNeverLearned() {
        done("pretrain --variant uniform" + LITTLE + " --out @uniform");
        assertThat(folder.resolve("uniform/model/generator")).doesNotExist();
        assertThat(done("detect --model @uniform/model/discriminator cat").out())
                .doesNotContain("expected");
    }

    private CommandRun done(String call) {
        CommandRun run = CommandRun.in(folder, call);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }
}
