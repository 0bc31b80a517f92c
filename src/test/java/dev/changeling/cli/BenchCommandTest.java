package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** The benchmarks, each run for as short as it can be: what they say, not how fast anything is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BenchCommandTest {
    private BenchData data = new BenchData(Path.of(""));

    @BeforeAll
    void prepare(@TempDir Path temporary) throws IOException {
        data = BenchData.prepare(temporary);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --data SHARDS --steps 0               | found '0', expected a whole number from 1",
                "step --data SHARDS --config tyni           | expected a preset (debug, tiny,",
                "step --data SHARDS --set training.stesp=3  | unknown key training.stesp; did you mean training.steps?",
                "step                                       | Missing required option: '--data=FOLDER'",
                "gemm --threads many                        | found 'many', expected a whole number from 1",
                "gemm --config tiny --length 500            | --length is 500, expected at most model.max_positions, 128",
                "vocab --corpus CORPUS --size 3             | size must be from 6",
                "tokenizer --corpus CORPUS                  | Missing required option: '--vocab=PATH'",
                "embed --corpus CORPUS                      | Missing required option: '--model=FOLDER'",
                "stpe                                       | Did you mean: bench step?",
                "stpe --help                                | Did you mean: bench step?",
                "''                                         | expected one of step, gemm, data, tokenizer, vocab, recording"
            })
    void refusesAWrongCall(String call, String expected) {
        CommandRun run = data.bench(call);

        assertThat(run.err()).contains(expected);
        assertThat(run.err().lines().reduce((first, last) -> last).orElse(""))
                .matches("Try 'changeling bench( \\w+)? --help'\\.");
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --data FOLDER                                        | dataset.json: no such file",
                "step --data SHARDS --config debug --set model.max_positions=16 | holds rows of 32 tokens, but model.max_positions is 16",
                "data --data FOLDER                                        | dataset.json: no such file",
                "recording FOLDER/absent.jfr                               | absent.jfr: no such file",
                "recording CORPUS                                          | no whole recording of the JDK's Flight Recorder",
                "embed --model FOLDER/none --corpus CORPUS                 | none: no such folder",
                "tokenizer --vocab SHARDS --corpus CORPUS                  | expected a tokenizer",
                "tokenizer --vocab VOCABULARY --corpus FOLDER/absent.txt   | absent.txt"
            })
    void saysInOneLineWhatIsWrongWithAFile(String call, String expected) {
        CommandRun run = data.bench(call);

        assertThat(run.err()).contains(expected).hasLineCount(1);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void gemmMeasuresEveryProduct() {
        String call = "gemm --config debug --length 16 --vocabulary 50 --milliseconds 1";
        String text = data.text(call);
        JsonNode json = data.json(call + " --threads 2");

        assertThat(text).contains("feed-forward in", "vocabulary", "dYᵀ·X");
        assertThat(json.at("/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/products").size()).isEqualTo(16);
        for (JsonNode product : json.at("/products")) {
            assertThat(product.at("/forward_gflops").asDouble()).isPositive();
            assertThat(product.at("/weight_gradient_gflops").asDouble()).isPositive();
        }
    }

    @Test
    void dataReadsAndMasks() {
        String call = "data --data SHARDS --config debug --seconds 1";
        JsonNode json = data.json(call);

        assertThat(json.at("/rows_per_second").asDouble()).isPositive();
        assertThat(json.at("/tokens_per_second").asDouble())
                .isGreaterThan(json.at("/rows_per_second").asDouble());
        assertThat(json.at("/masked_fraction").asDouble()).isBetween(0.1, 0.2);
        assertThat(data.text(call)).contains("rows a second", "real tokens a second");
    }

    @Test
    void tokenizerEncodesOnOneThreadAndOnAll() {
        String call = "tokenizer --vocab VOCABULARY --corpus CORPUS --seconds 1 --threads 2";
        JsonNode json = data.json(call);

        assertThat(json.at("/documents").asInt()).isEqualTo(BenchData.DOCUMENTS);
        assertThat(json.at("/one_thread/megabytes_per_second").asDouble()).isPositive();
        assertThat(json.at("/all_threads/threads").asInt()).isEqualTo(2);
        assertThat(json.at("/all_threads/tokens_per_second").asDouble()).isPositive();
    }

    @Test
    void vocabLearns() {
        String call = "vocab --corpus CORPUS --size 90 --threads 1";
        JsonNode json = data.json(call);

        assertThat(json.at("/tokens").asInt()).isEqualTo(90);
        assertThat(json.at("/words").asInt()).isGreaterThan(BenchData.DOCUMENTS * 10);
        assertThat(data.text(call)).contains("90 tokens from");
    }

    @Test
    void embedStandsBesideOnnxRuntime(@TempDir Path temporary) throws IOException {
        Path model = TestExports.write(temporary, 5);
        String call = "embed --model " + model + " --corpus CORPUS --sentences 50 --passes 2 --batch-size 8";
        JsonNode json = data.json(call);

        assertThat(json.at("/sentences").asInt()).isEqualTo(50);
        assertThat(json.at("/tokens").asInt()).isEqualTo(50 * TestExports.SEQUENCE_LENGTH);
        assertThat(json.at("/padding").asDouble()).isZero();
        assertThat(json.at("/changeling/sentences_per_second/median").asDouble())
                .isPositive();
        assertThat(json.at("/onnx_runtime/tokens_per_second").asDouble()).isPositive();
        assertThat(json.at("/times_as_fast/least").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(json.at("/times_as_fast/most").asDouble());
        assertThat(json.at("/largest_difference").asDouble()).isBetween(1e-12, 1e-4);
        assertThat(data.text(call)).contains("50 sentences of 16.0 tokens", "ONNX Runtime", "times as fast");
    }

    @ParameterizedTest
    @MethodSource("benchmarks")
    void eachExplainsItselfWithAnExample(String name) {
        String help = data.text(name + " --help");

        assertThat(help)
                .startsWith("Usage: changeling bench " + name + " ")
                .containsPattern("Examples?:\n +changeling bench " + name);
    }

    static Stream<String> benchmarks() {
        return new CommandLine(new BenchCommand()).getSubcommands().keySet().stream();
    }
}
