package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.model.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentenceModulesTest {
    @TempDir
    private Path folder;

    private void write(String file, String content) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, content);
    }

    @Test
    void aFolderWithoutTheFilesSaysNothing() throws IOException {
        SentenceModules modules = SentenceModules.read(folder);

        assertThat(modules.pooling()).isEmpty();
        assertThat(modules.normalizes()).isFalse();
        assertThat(modules.maximumLength()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'embedding_dimension': 24, 'pooling_mode': 'mean', 'include_prompt': true}    | MEAN",
                "{'pooling_mode': 'cls'}                                                        | CLS",
                "{'pooling_mode_cls_token': true, 'pooling_mode_mean_tokens': false}            | CLS",
                "{'word_embedding_dimension': 24, 'pooling_mode_mean_tokens': true}             | MEAN"
            },
            quoteCharacter = '~')
    void poolingIsReadAsNewAndOldVersionsWriteIt(String config, Pooling pooling) throws IOException {
        write("1_Pooling/config.json", config.replace('\'', '"'));

        assertThat(SentenceModules.read(folder).pooling()).contains(pooling);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'pooling_mode': 'max'}                                               | pooling_mode: \"max\"; expected",
                "{'pooling_mode': ['cls', 'mean']}                                     | pooling_mode: [\"cls\",\"mean\"]",
                "{'pooling_mode_max_tokens': true}                                     | pooling by max; expected cls or mean",
                "{'pooling_mode_cls_token': true, 'pooling_mode_mean_tokens': true}    | pooling by cls and mean;",
                "{'pooling_mode_cls_token': 1}                                         | pooling_mode_cls_token: 1; expected true or false",
                "{}                                                                    | pooling by nothing;",
                "[]                                                                    | not a JSON object"
            },
            quoteCharacter = '~')
    void anotherPoolingIsRefused(String config, String expected) throws IOException {
        write("1_Pooling/config.json", config.replace('\'', '"'));

        assertThatThrownBy(() -> SentenceModules.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json: ")
                .hasMessageContaining(expected);
    }

    @Test
    void modulesAndLengthAreRead() throws IOException {
        write("modules.json", "[{\"path\": \"2_Normalize\", \"type\": \"sentence_transformers.models.Normalize\"}]");
        write("sentence_bert_config.json", "{\"max_seq_length\": 12, \"do_lower_case\": false}");

        SentenceModules modules = SentenceModules.read(folder);

        assertThat(modules.normalizes()).isTrue();
        assertThat(modules.maximumLength()).isEqualTo(OptionalInt.of(12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{'path': '2_Dense', 'type': 'sentence_transformers.models.Dense'}]     | a module sentence_transformers.models.Dense; expected",
                "[{'path': '2_Pooling', 'type': 'sentence_transformers.models.Pooling'}] | expected Transformer, Pooling in 1_Pooling",
                "[{'path': ''}]                                                          | type: missing; expected a text",
                "[1]                                                                     | not a JSON object",
                "{}                                                                      | not a JSON array"
            },
            quoteCharacter = '~')
    void unknownModulesAreRefused(String modules, String expected) throws IOException {
        write("modules.json", modules.replace('\'', '"'));

        assertThatThrownBy(() -> SentenceModules.read(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("modules.json: ")
                .hasMessageContaining(expected);
    }
}
