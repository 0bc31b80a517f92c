package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.onnx.OnnxSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code export --format onnx}, of a run and of a Hugging Face folder. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportOnnxTest {
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
        done("vocab --corpus @corpus.txt --size 70 --out @other.txt");
        done("prepare --corpus @corpus.txt --vocab @vocab.txt --length 32 --held-out 0.1 --out @shards");
        done("prepare --corpus @corpus.txt --vocab @other.txt --length 32 --held-out 0.1 --out @others");
        done("pretrain --config debug --data @shards --out @run --set training.steps=3");
        done("pretrain --config debug --data @shards --out @unfinished --set training.steps=1");
        Files.move(folder.resolve("unfinished/model"), folder.resolve("elsewhere"));
        Files.writeString(folder.resolve("file"), "text\n");
        Files.createDirectory(folder.resolve("empty"));
    }

    @Test
    void aRunsDetectorScoresAsTheDiscriminatorItself() throws IOException {
        CommandRun export = done("export --format onnx --run @run --out @detector");

        assertThat(export.out())
                .contains("model.onnx: replaced-token-detection after 3 steps, output logits, ", " MB, opset 17");
        long[] ids = {2, 17, 30, 41, 3};
        float[] logits = run(folder.resolve("detector/model.onnx"), ids);
        try (var scorer = dev.changeling.hub.HuggingFaceImport.readDiscriminator(
                folder.resolve("run/model/discriminator"), dev.changeling.TestExports.engine())) {
            float[] expected = ReplacedTokenScorer.of(scorer.model(), scorer.padding())
                    .score(java.util.List.of(
                            Arrays.stream(ids).mapToInt(i -> (int) i).toArray()))
                    .get(0);
            assertThat(logits).containsExactly(expected, within(1e-4f));
        }
        assertThat(folder.resolve("detector/tokenizer_config.json"))
                .hasSameBinaryContentAs(folder.resolve("run/model/discriminator/tokenizer_config.json"));
        assertThat(names(folder)).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void aRunsGraphHasACardThatTellsItsInputsAndOutput() {
        done("export --format onnx --run @run --quantize int8 --out @card");
        assertThat(folder.resolve("card/README.md"))
                .content()
                .contains("\n- onnx\n", "| steps | 3 of 3 |", "| input | `token_type_ids` | int64 [batch, sequence]")
                .contains("`logits`, float32 [batch, sequence]", "What that costs in quality was not measured.")
                .doesNotContain("library_name", "pipeline_tag", "AutoModel");
        // A card of its own is replaced.
        done("export --format onnx --run @run --task feature-extraction --out @card");
        assertThat(folder.resolve("card/README.md"))
                .content()
                .contains("pipeline_tag: feature-extraction", "`last_hidden_state`", "the encoder alone")
                .doesNotContain("8-bit");
        done("export --format onnx --model @run/model/discriminator --out @cardless");
        assertThat(folder.resolve("cardless/README.md")).doesNotExist();
    }

    @Test
    void aRunAndItsFolderGiveTheSameGraph() {
        done("export --format onnx --run @run --task feature-extraction --out @ofRun");
        done("export --format onnx --model @run/model/discriminator --task feature-extraction --out @ofModel");

        assertThat(folder.resolve("ofRun/model.onnx")).hasSameBinaryContentAs(folder.resolve("ofModel/model.onnx"));
    }

    @Test
    void measuresOnTheTextThatEvaluateScores() throws IOException {
        CommandRun export = done("export --format onnx --run @run --quantize int8 --data @shards --out @measured");

        JsonNode scores = JsonMapper.shared()
                .readTree(done("evaluate --run @run --data @shards --json").out());
        JsonNode cost = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("measured/quantization.json")));
        assertThat(cost.at("/tokens").longValue())
                .isEqualTo(scores.at("/tokens").longValue());
        assertThat(cost.at("/float32/rtd_loss").doubleValue())
                .isCloseTo(scores.at("/rtd_loss").doubleValue(), within(1e-3));
        assertThat(cost.at("/float32/rtd_auc").doubleValue())
                .isCloseTo(scores.at("/rtd_auc").doubleValue(), within(1e-2));
        assertThat(export.out())
                .contains("int8: ")
                .contains(String.format(
                        java.util.Locale.ROOT,
                        "RTD loss %.4f, %.4f in 32-bit floats",
                        cost.at("/quantized/rtd_loss").doubleValue(),
                        cost.at("/float32/rtd_loss").doubleValue()));
    }

    @Test
    void measuresAFolderOnDrawsFromTokenFrequencies() throws IOException {
        done(
                "export --format onnx --model @run/model/discriminator --quantize int8 --data @shards --rows 2 --out @few");

        JsonNode cost = JsonMapper.shared().readTree(Files.readAllBytes(folder.resolve("few/quantization.json")));
        assertThat(cost.at("/tokens").longValue()).isBetween(2L, 64L);
        assertThat(cost.at("/replacements").stringValue()).contains("token frequencies");
        assertThat(cost.at("/float32/rtd_auc").doubleValue()).isBetween(0.0, 1.0);
    }

    @Test
    void saysThatTheCostWasNotMeasured() {
        assertThat(done("export --format onnx --run @run --quantize int8 --out @unmeasured")
                        .out())
                .contains("was not measured; of a network that finds replaced tokens, --data shards/ measures it");
    }

    @Test
    void takesTheTokenizerOfAnUnfinishedRunFromItsData() {
        done("export --format onnx --run @unfinished --data @shards --out @early");

        assertThat(folder.resolve("early/tokenizer.json")).isNotEmptyFile();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "export --format onnx --out @x                                  | Missing required argument (specify one of these): (--run=FOLDER | --model=FOLDER)",
                "export --format onnx --run @run --model @run --out @x          | are mutually exclusive (specify only one)",
                "export --model @run/model/discriminator --out @x               | --model: needs --task feature-extraction or --format onnx",
                "export --run @run --quantize int8 --out @x                     | --quantize: needs --format onnx",
                "export --run @run --task replaced-token-detection --out @x     | --task: other than feature-extraction needs --format onnx",
                "export --format onnx --run @run --quantize int4 --out @x       | found 'int4', expected int8",
                "export --format onnx --run @run --task embed --out @x          | found 'embed', expected one of feature-extraction, replaced-token-detection",
                "export --format onnx --run @run --task text-classification --out @x | --task: a run's discriminator does",
                "export --format onnx --run @run --rows 5 --out @x              | --rows: needs --quantize and --data",
                "export --format onnx --model @run --data @shards --out @x      | --data: needs --quantize here",
                "export --format docx --run @run --out @x                       | found 'docx', expected hf or onnx"
            })
    void aWrongCallIsAMistakeOfUsage(String call, String message) {
        CommandRun run = run(call);

        assertThat(run.err()).contains(message);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertNothingIsLeft();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--model @missing --out @x                                | @missing: no such folder",
                "--model @empty --out @x                                  | @empty/config.json: no such file",
                "--model @run/model/generator --out @x                    | @run/model/generator/config.json: architectures: ElectraForMaskedLM can't be exported",
                "--model @run/model/discriminator --out @file             | @file: a file; expected a folder",
                "--model @run/model/discriminator --out @file/x           | @file/x: can't be written: ",
                "--model @run/model/discriminator --out @shards           | @shards: holds dataset.json",
                "--run @run --out @file/x                                 | @file/x: can't be written: ",
                "--run @run --out @shards                                 | @shards: holds dataset.json",
                "--run @unfinished --out @x                               | @unfinished: not finished",
                "--run @run --quantize int8 --data @others --out @x       | @run: trained with another tokenizer",
                "--model @run/model/discriminator --quantize int8 --data @others --out @x | @run/model/discriminator: has another vocabulary"
            })
    void whatCantBeExportedIsNamedInOneLine(String arguments, String message) {
        CommandRun run = run("export --format onnx " + arguments);

        assertThat(run.err())
                .startsWith("changeling: " + message.replace("@", folder + "/"))
                .hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(folder.resolve("x")).doesNotExist();
        assertThat(names(folder)).noneMatch(name -> name.startsWith("."));
    }

    private static float[] run(Path model, long[] ids) {
        long[] mask = new long[ids.length];
        Arrays.fill(mask, 1);
        try (OnnxSession session = OnnxSession.open(model)) {
            return session.run(new long[][] {ids}, new long[][] {mask}, new long[1][ids.length])
                    .values();
        }
    }

    private CommandRun done(String call) {
        CommandRun run = run(call);
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        return run;
    }

    private CommandRun run(String call) {
        return CommandRun.in(folder, call);
    }

    private static java.util.List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
