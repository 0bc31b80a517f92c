package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code export --task feature-extraction}, of a run and of a Hugging Face folder, and the verbs that read it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportEncoderTest {
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
        done("pretrain --config debug --data @shards --out @run --set training.steps=3");
        assertThat(done("export --run @run --task feature-extraction --out @encoder")
                        .out())
                .isEqualTo(folder.resolve("encoder") + ": the encoder alone after 3 steps\n");
    }

    @Test
    void aRunAndItsDiscriminatorGiveTheSameEncoder() {
        assertThat(done("export --model @run/model/discriminator --task feature-extraction --out @ofModel")
                        .out())
                .startsWith(folder.resolve("ofModel")
                        + ": the encoder alone, without discriminator_predictions.dense.bias, ");
        for (String file : new String[] {"model.safetensors", "config.json", "tokenizer_config.json"}) {
            assertThat(folder.resolve("ofModel").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("encoder").resolve(file));
        }
        assertThat(folder.resolve("encoder/README.md"))
                .content()
                .contains("AutoModel.from_pretrained", "| steps | 3 of 3 |")
                .doesNotContain("AutoModelForPreTraining");
        assertThat(folder.resolve("ofModel/README.md")).doesNotExist();
    }

    @Test
    void itsGraphIsThatOfTheRun() {
        done("export --format onnx --model @encoder --out @graph");
        done("export --format onnx --run @run --task feature-extraction --out @graphOfRun");

        assertThat(folder.resolve("graph/model.onnx")).hasSameBinaryContentAs(folder.resolve("graphOfRun/model.onnx"));
        CommandRun detector =
                run("export --format onnx --model @encoder --task replaced-token-detection --out @detector");
        assertThat(detector.err())
                .contains("architectures: ElectraModel, which does feature-extraction; expected ElectraForPreTraining");
        assertThat(detector.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aRunStartsFromIt() {
        assertThat(done("import --from @encoder --out @imported").out())
                .contains("made anew  discriminator.discriminator_predictions.* (4 tensors)");
        done("pretrain --config debug --data @shards --init-from @encoder --out @second --set training.steps=1");
        assertThat(folder.resolve("second/initialization.json")).content().contains("\"left_out\" : [ ]");
    }

    @Test
    void detectSaysThatItHasNoHead() {
        CommandRun detect = run("detect --model @encoder text");

        assertThat(detect.err())
                .startsWith("changeling: " + folder.resolve("encoder") + ": has no head that tells replaced tokens")
                .hasLineCount(1);
        assertThat(detect.code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void aNetworkWithAHeadIsNotReplaced() {
        CommandRun export = run("export --run @run --task feature-extraction --out @run/model/discriminator");

        assertThat(export.err())
                .contains("holds another network than an ElectraModel")
                .hasLineCount(1);
        done("detect --model @run/model/discriminator text");
    }

    private CommandRun done(String call) {
        CommandRun run = run(call);
        assertThat(run.err()).doesNotContain("changeling:");
        assertThat(run.code()).isZero();
        return run;
    }

    private CommandRun run(String call) {
        return CommandRun.in(folder, call);
    }
}
