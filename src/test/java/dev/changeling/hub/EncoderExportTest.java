package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.error.InputException;
import dev.changeling.model.Electra;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderExportTest {
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    Path temporary;

    private Path discriminator;
    private Path encoder;

    @BeforeEach
    void export() throws IOException {
        discriminator = TestExports.write(temporary, 5);
        encoder = temporary.resolve("encoder");
    }

    private List<String> write(Path from) throws IOException {
        return EncoderExport.write(encoder, from, TestExports.engine());
    }

    private static Map<String, NamedArray> arrays(Path folder) {
        Map<String, NamedArray> arrays = new TreeMap<>();
        SafetensorsFile.readAll(folder.resolve(WEIGHTS)).forEach(array -> arrays.put(array.name(), array));
        return arrays;
    }

    /** Returns the arrays of a network's trunk, under the names of {@code ElectraModel}. */
    private static Map<String, NamedArray> trunk(Path folder) {
        Map<String, NamedArray> trunk = new TreeMap<>();
        arrays(folder).forEach((name, array) -> {
            if (name.startsWith("electra.")) {
                String bare = name.substring("electra.".length());
                trunk.put(bare, new NamedArray(bare, array.type(), array.shape(), array.data()));
            }
        });
        return trunk;
    }

    @Test
    void theTrunkHasTheNamesOfElectraModelAndNothingElseIsWritten() throws IOException {
        assertThat(write(discriminator))
                .containsExactlyInAnyOrder(
                        "discriminator_predictions.dense.weight",
                        "discriminator_predictions.dense.bias",
                        "discriminator_predictions.dense_prediction.weight",
                        "discriminator_predictions.dense_prediction.bias");

        assertThat(arrays(encoder))
                .containsKeys("embeddings.word_embeddings.weight", "embeddings_project.bias")
                .isEqualTo(trunk(discriminator));
    }

    @Test
    void aTokenizersFolderIsNotTakenForAnEarlierExport() throws IOException {
        Path tokenizer = temporary.resolve("tokenizer");
        byte[] vocabulary = Files.readAllBytes(tokenizer.resolve("vocab.txt"));
        assertThatThrownBy(() -> EncoderExport.write(tokenizer, discriminator, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds files, but no config.json");
        assertThat(tokenizer.resolve("vocab.txt")).hasBinaryContent(vocabulary);
        Files.createDirectory(encoder);
        assertThat(write(discriminator)).isNotEmpty();
    }

    @Test
    void theConfigurationIsTheSameButForTheArchitecture() throws IOException {
        write(discriminator);
        String before = Files.readString(discriminator.resolve("config.json"));
        assertThat(encoder.resolve("config.json"))
                .hasContent(before.replace("\"ElectraForPreTraining\"", "\"ElectraModel\""));
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt")) {
            assertThat(encoder.resolve(name)).hasSameTextualContentAs(discriminator.resolve(name));
        }
    }

    @Test
    void theNetworkOfARunGivesTheSameFolder() throws IOException {
        write(discriminator);
        Path ofRun = temporary.resolve("of-run");
        try (Electra model = TestExports.model(5)) {
            EncoderExport.write(
                    ofRun,
                    model,
                    TestExports.config(),
                    temporary.resolve("tokenizer"),
                    TestExports.SEQUENCE_LENGTH,
                    ModelCardTest.CARD);
        }
        assertThat(ofRun.resolve("README.md")).hasContent(ModelCardTest.CARD.text());
        assertThat(encoder.resolve("README.md")).doesNotExist();
        assertThat(arrays(ofRun)).isEqualTo(arrays(encoder));
        assertThat(ofRun.resolve("config.json")).hasSameTextualContentAs(encoder.resolve("config.json"));
    }

    @Test
    void whatWasExportedIsReadWhereverAnEncoderIs() throws IOException {
        write(discriminator);
        Path imported = temporary.resolve("imported");
        WarmStartReport report = NetworkImport.write(List.of(encoder), imported, TestExports.engine(), 1);
        assertThat(report.lines()).anyMatch(line -> line.startsWith("made anew  discriminator.discriminator_pred"));
        assertThat(trunk(imported.resolve("discriminator"))).isEqualTo(trunk(discriminator));
        // Once more, from itself.
        Path again = temporary.resolve("again");
        assertThat(EncoderExport.write(again, encoder, TestExports.engine())).isEmpty();
        assertThat(again.resolve(WEIGHTS)).hasSameBinaryContentAs(encoder.resolve(WEIGHTS));
    }

    @Test
    void anEncoderDetectsNothingAndSaysSo() throws IOException {
        write(discriminator);
        assertThatThrownBy(() -> HuggingFaceImport.readDiscriminator(encoder, TestExports.engine()))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        encoder + ": has no head that tells replaced tokens (no tensor discriminator_predictions.*);"
                                + " expected a discriminator");
    }

    @Test
    void anEarlierEncoderIsReplacedAndNothingElseIs() throws IOException {
        write(discriminator);
        Path other = discriminator.resolveSibling("generator");
        write(other);
        assertThat(arrays(encoder)).doesNotContainKey("embeddings_project.bias");

        encoder = other;
        assertThatThrownBy(() -> write(discriminator))
                .isInstanceOf(InputException.class)
                .hasMessage(other + ": holds another network than an ElectraModel; expected an empty folder, an earlier"
                        + " export of an encoder, or nothing");
        encoder = discriminator;
        assertThatThrownBy(() -> write(discriminator))
                .isInstanceOf(InputException.class)
                .hasMessage(discriminator + ": holds " + discriminator + ", which is read; expected another folder");
        encoder = temporary.resolve("export");
        assertThatThrownBy(() -> write(discriminator)).isInstanceOf(InputException.class);
        assertThat(arrays(discriminator)).containsKey("discriminator_predictions.dense.weight");
        assertThat(arrays(other)).containsKey("generator_lm_head.bias");
    }

    /** Not in place: the arrays that are read lie in the file. */
    private void rewrite(Path folder, UnaryOperator<NamedArray> change, NamedArray... more) throws IOException {
        List<NamedArray> arrays = new ArrayList<>(SafetensorsFile.readAll(folder.resolve(WEIGHTS)));
        arrays.replaceAll(change);
        arrays.addAll(List.of(more));
        Path changed = temporary.resolve("changed");
        SafetensorsWriter.write(changed, arrays, Map.of());
        Files.move(changed, folder.resolve(WEIGHTS), StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"electra.pooler.dense.bias", "electra.encoder.layer.9.output.dense.bias"})
    void aTensorOfTheTrunkThatTheConfigurationDoesNotHaveIsNamed(String name) throws IOException {
        rewrite(
                discriminator,
                array -> array,
                new NamedArray(name, NamedArray.Type.F32, List.of(24L), ByteBuffer.allocate(96)));

        assertThatThrownBy(() -> write(discriminator))
                .isInstanceOf(InputException.class)
                .hasMessage(discriminator.resolve(WEIGHTS) + ": tensor " + name
                        + " is not one of an encoder with this config.json");
        assertThat(encoder).doesNotExist();
    }

    @Test
    void aVocabularyThatIsPaddedToARoundNumberKeepsItsRows() throws IOException {
        rewrite(
                discriminator,
                array -> array.name().endsWith("word_embeddings.weight")
                        ? new NamedArray(
                                array.name(), array.type(), List.of(32L, 16L), ByteBuffer.allocate(32 * 16 * 4))
                        : array);
        Path config = discriminator.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"vocab_size\" : 30", "\"vocab_size\" : 32"));

        write(discriminator);

        assertThat(arrays(encoder)).isEqualTo(trunk(discriminator));
        assertThat(encoder.resolve("config.json")).content().contains("\"vocab_size\" : 32");
    }

    @Test
    void aRelativeOfElectraIsRefused() throws IOException {
        // Its embeddings are as wide as its layers, as a BERT's are.
        Path bert = discriminator.resolveSibling("generator");
        Path config = bert.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"electra\"", "\"bert\""));
        rewrite(
                bert,
                array -> new NamedArray(
                        array.name().replaceFirst("^electra", "bert"), array.type(), array.shape(), array.data()));

        assertThatThrownBy(() -> write(bert))
                .isInstanceOf(InputException.class)
                .hasMessage(config + ": model_type: bert; expected electra (a bert can start one: changeling import"
                        + " --from " + bert + ")");
        assertThat(encoder).doesNotExist();
    }
}
