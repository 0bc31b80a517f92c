package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkImportTest {
    @TempDir
    Path temporary;

    private Path export;
    private Path out;

    @BeforeEach
    void exportNetworks() throws IOException {
        TestExports.write(temporary, 5);
        export = temporary.resolve("export");
        out = temporary.resolve("imported");
    }

    @Test
    void whatWasExportedComesBackTheSame() throws IOException {
        NetworkImport.write(List.of(export), out, TestExports.engine(), 1);
        for (String network : List.of("discriminator", "generator")) {
            for (String file : List.of("model.safetensors", "config.json", "tokenizer.json", "vocab.txt")) {
                assertThat(out.resolve(network).resolve(file))
                        .hasSameBinaryContentAs(export.resolve(network).resolve(file));
            }
        }
    }

    @Test
    void theConfigurationBesideItFits() throws IOException {
        NetworkImport.write(List.of(export), out, TestExports.engine(), 1);
        RunConfig config = ConfigLoader.load(out.resolve("pretrain.yaml").toString(), List.of());
        assertThat(config.model().discriminator())
                .isEqualTo(TestExports.config().discriminator());
        assertThat(config.model().generator()).isEqualTo(TestExports.config().generator());
        try (WarmStart start = WarmStart.open(List.of(out))) {
            start.requireFits(config.model());
        }
    }

    @Test
    void aDiscriminatorAloneIsImportedAlone() throws IOException {
        WarmStartReport report =
                NetworkImport.write(List.of(export.resolve("discriminator")), out, TestExports.engine(), 1);
        assertThat(out).isDirectoryNotContaining("glob:**generator");
        assertThat(report.entries())
                .isNotEmpty()
                .allSatisfy(entry -> assertThat(entry.tensor()).doesNotStartWith("generator."));
        RunConfig config = ConfigLoader.load(out.resolve("pretrain.yaml").toString(), List.of());
        assertThat(config.model().generator().hiddenSize()).isEqualTo(6);
    }

    @Test
    void anEarlierImportIsReplacedAndOtherFilesAreNot() throws IOException {
        NetworkImport.write(List.of(export), out, TestExports.engine(), 1);
        NetworkImport.write(List.of(export.resolve("generator")), out, TestExports.engine(), 1);
        assertThat(out).isDirectoryNotContaining("glob:**discriminator");
        Path mine = Files.createFile(out.resolve("mine"));
        assertThatThrownBy(() -> NetworkImport.write(List.of(export), out, TestExports.engine(), 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds mine");
        assertThat(mine).exists();
    }

    /** An encoder that learned as BERT does has a generator's head: the name tells what it is for. */
    @Test
    void aFolderOfAPartsNameIsThatPart() throws IOException {
        Path encoder = Files.createDirectories(temporary.resolve("run")).resolve("discriminator");
        Files.move(export.resolve("generator"), encoder);
        for (Path from : List.of(encoder, encoder.getParent())) {
            WarmStartReport report = NetworkImport.write(List.of(from), out, TestExports.engine(), 1);

            assertThat(out).isDirectoryNotContaining("glob:**generator");
            assertThat(HuggingFaceImport.isDiscriminator(out.resolve("discriminator")))
                    .isTrue();
            assertThat(report.entries())
                    .filteredOn(entry -> entry.tensor().equals("generator_predictions.dense.weight"))
                    .extracting(WarmStartReport.Entry::outcome)
                    .containsExactly(WarmStartReport.Outcome.LEFT_OUT);
        }
        Path unnamed = Files.move(encoder, temporary.resolve("mlm"));
        NetworkImport.write(List.of(unnamed), out, TestExports.engine(), 1);
        assertThat(out).isDirectoryNotContaining("glob:**discriminator");
    }

    @Test
    void aHeadThatDetectsIsADiscriminatorsWhateverItsFolderIsCalled() throws IOException {
        Path other = Files.createDirectories(temporary.resolve("other")).resolve("generator");
        Files.move(export.resolve("discriminator"), other);
        NetworkImport.write(List.of(other), out, TestExports.engine(), 1);
        assertThat(out).isDirectoryNotContaining("glob:**generator");
    }

    /** Between the two renames that replace an earlier import, a process can be killed. */
    @Test
    void whatIsImportedIsNotReplaced() {
        Path generator = export.resolve("generator");
        for (Path from : List.of(export, export.resolve("discriminator"))) {
            assertThatThrownBy(() -> NetworkImport.write(List.of(from), export, TestExports.engine(), 1))
                    .isInstanceOf(InputException.class)
                    .hasMessage(export + ": holds " + from + ", which is read; expected another folder");
        }
        assertThat(generator.resolve("model.safetensors")).exists();
    }

    @Test
    void anEarlierImportThatAKilledProcessMovedAsideSurvivesAFailedOne() throws IOException {
        NetworkImport.write(List.of(export), out, TestExports.engine(), 1);
        Files.move(out, temporary.resolve(".imported.replaced"));
        assertThatThrownBy(() -> ExportFolder.begin(out, java.util.Set.of()).close())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected an empty folder, an earlier export, or nothing");
        assertThat(out.resolve("discriminator").resolve("model.safetensors")).exists();
    }

    @Test
    void twoWidthsOfEmbeddingsAreRefusedWithoutTalkOfARun() throws IOException {
        Path generator = generator(8, TestExports.config().layerNormEpsilon());
        refusedBeside(generator, "embedding_size: 8; expected 16, that of ");
    }

    @Test
    void twoValuesOfLayerNormsEpsilonAreRefusedWithoutTalkOfARun() throws IOException {
        Path generator = generator(TestExports.config().embeddingSize(), 1e-5);
        refusedBeside(generator, "layer_norm_eps: 1.0E-5; expected 1.0E-12, that of ");
    }

    /** Writes a generator that is the tests' own but for two settings. */
    private Path generator(int embeddingSize, double layerNormEpsilon) throws IOException {
        ModelConfig config = TestExports.config();
        ModelConfig other = new ModelConfig(
                embeddingSize,
                config.maxPositions(),
                config.segmentTypes(),
                config.dropout(),
                config.attentionDropout(),
                layerNormEpsilon,
                config.initialization(),
                config.discriminator(),
                config.generator());
        try (Electra model = new Electra(
                TestExports.engine(), other, TestExports.vocabulary().size())) {
            Initialization.apply(model, other, 1);
            HuggingFaceExport.write(temporary.resolve("other"), model, other, temporary.resolve("tokenizer"), 16);
        }
        return temporary.resolve("other/generator");
    }

    private void refusedBeside(Path generator, String message) {
        Path discriminator = export.resolve("discriminator");
        assertThatThrownBy(() -> NetworkImport.write(List.of(discriminator, generator), out, TestExports.engine(), 1))
                .isInstanceOf(InputException.class)
                .hasMessage(generator.resolve("config.json") + ": " + message + discriminator
                        + ", since a pair has one for both");
        assertThat(out).doesNotExist();
    }
}
