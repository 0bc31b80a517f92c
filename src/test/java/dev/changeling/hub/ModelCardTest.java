package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.error.InputException;
import dev.changeling.model.Electra;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ModelCardTest {
    static final ModelCard CARD = new ModelCard(
            new CardMetadata(Optional.of("transformers"), Optional.of("fill-mask"), List.of("electra", "changeling")),
            "A generator",
            "network",
            "training",
            "data",
            "scores",
            "usage",
            "origin",
            "limits");

    @TempDir
    private Path temporary;

    @Test
    void beginsWithYamlThatTheHubReads() {
        String[] parts = CARD.text().split("(?m)^---\n", -1);

        assertThat(parts[0]).isEmpty();
        JsonNode metadata = new YAMLMapper().readTree(parts[1]);
        assertThat(metadata.propertyNames()).containsExactly("library_name", "pipeline_tag", "tags");
        assertThat(metadata.at("/library_name").stringValue()).isEqualTo("transformers");
        assertThat(metadata.at("/pipeline_tag").stringValue()).isEqualTo("fill-mask");
        assertThat(metadata.at("/tags/1").stringValue()).isEqualTo("changeling");
        assertThat(parts[1]).contains("# license: ", "# language: ");
        assertThat(parts[2]).startsWith("\n# A generator\n\nnetwork\n\n## How to use it\n\nusage\n");
    }

    @Test
    void metadataHoldsNothingThatYamlReadsOtherwise() {
        for (String word : List.of("", "a b", "a: b", "no\nlicense: mit", "1", "#a")) {
            assertThatThrownBy(() -> new CardMetadata(Optional.empty(), Optional.empty(), List.of(word)))
                    .as(word)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tellsAnEditedCardFromOneAsItWasWritten() throws IOException {
        CARD.write(temporary);
        Path file = temporary.resolve("README.md");
        assertThat(ModelCard.isUnchanged(file)).isTrue();

        for (String edited : List.of(
                CARD.text() + "\n",
                CARD.text().replace("# license:    (to fill in: not known)", "license: mit"),
                CARD.text().replaceFirst("\n# Written[^\n]*", ""),
                "",
                "# A page of my own\n")) {
            Files.writeString(file, edited);
            assertThat(ModelCard.isUnchanged(file)).as(edited).isFalse();
        }
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(ModelCard.isUnchanged(file)).isFalse();
    }

    @Test
    void anExportReplacesItsOwnCardAndNoOther() throws IOException {
        Path export = temporary.resolve("export");
        write(export);
        write(export);
        Path card = export.resolve("generator/README.md");
        assertThat(card).content().isEqualTo(CARD.text());
        assertThat(export.resolve("discriminator/README.md")).doesNotExist();

        String edited = CARD.text().replace("# license:    (to fill in: not known)", "license: mit");
        Files.writeString(card, edited);
        assertThatThrownBy(() -> write(export))
                .isInstanceOf(InputException.class)
                .hasMessage(export.toRealPath() + ": holds generator/README.md, which was written or edited by"
                        + " somebody; expected none, or another folder");
        assertThat(card).content().isEqualTo(edited);
    }

    private void write(Path export) throws IOException {
        Path tokenizer = TestExports.tokenizer(temporary.resolve("tokenizer"));
        try (Electra model = TestExports.model(1)) {
            HuggingFaceExport.write(
                    export,
                    model,
                    TestExports.config(),
                    tokenizer,
                    TestExports.SEQUENCE_LENGTH,
                    Set.of(HuggingFaceExport.DISCRIMINATOR, HuggingFaceExport.GENERATOR),
                    Map.of(HuggingFaceExport.GENERATOR, CARD));
        }
    }
}
