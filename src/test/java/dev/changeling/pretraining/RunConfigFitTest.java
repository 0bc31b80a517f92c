package dev.changeling.pretraining;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestTokenizers;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.shard.RandomDocuments;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigFitTest {
    private static final List<String> WORDS = List.of("cat", "sat");
    private static final List<String> PIECES = List.of("c", "a", "t", "s");

    @TempDir
    Path temporary;

    private Dataset dataset(Path tokenizer) throws IOException {
        try (Tokenizer opened = Tokenizers.load(tokenizer)) {
            return Prepare.run(
                    RandomDocuments.of(List.of("cat sat", "cats sat", "cat", "sat cat")),
                    opened,
                    tokenizer,
                    PrepareOptions.of(16),
                    1,
                    temporary.resolve("data"),
                    progress -> {});
        }
    }

    private Path tokenizer() {
        return temporary.resolve("tokenizer.json");
    }

    private static RunConfig variant(String name) {
        return ConfigLoader.load("debug", List.of(name), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-word", "span"})
    void wordsOfByteLevelVocabulariesCanBeMasked(String variant) throws IOException {
        Dataset dataset = dataset(TestTokenizers.byteLevel(tokenizer(), WORDS, PIECES));
        assertThatCode(() -> RunConfigFit.check(variant(variant), dataset)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole-word", "span"})
    void wordsOfSentencePieceCanBeMasked(String variant) throws IOException {
        Dataset dataset = dataset(TestTokenizers.sentencePiece(tokenizer(), WORDS, PIECES));
        assertThatCode(() -> RunConfigFit.check(variant(variant), dataset)).doesNotThrowAnyException();
    }

    @Test
    void wordsThatCannotBeToldFromPiecesAreRefused() throws IOException {
        Dataset dataset = dataset(TestTokenizers.wordLevel(tokenizer(), WORDS));
        assertThatThrownBy(() -> RunConfigFit.check(variant("span"), dataset))
                .isInstanceOf(InputException.class)
                .hasMessage(dataset.folder() + ": its vocabulary has no token that starts with ## (WordPiece), U+2581"
                        + " (SentencePiece) or U+0120 (byte-level BPE), so words can't be told from their pieces;"
                        + " expected objective.masking.unit=token");
    }
}
