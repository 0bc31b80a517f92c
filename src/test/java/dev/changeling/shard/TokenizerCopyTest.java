package dev.changeling.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerCopyTest {
    private static final List<String> TEXTS =
            List.of("The quick brown fox", "jumps over THE lazy dog", "the dog sleeps", "a fox, a dog");

    @TempDir
    Path temporary;

    private void assertTheCopyIsTheSame(Path source) throws IOException {
        Path out = temporary.resolve("data");
        try (Tokenizer tokenizer = Tokenizers.load(source)) {
            Dataset dataset = Prepare.run(
                    RandomDocuments.of(TEXTS), tokenizer, source, PrepareOptions.of(16), 1, out, progress -> {});
            try (Tokenizer copy = Tokenizers.load(dataset.tokenizerFolder())) {
                assertThat(copy.fingerprint())
                        .isEqualTo(tokenizer.fingerprint())
                        .isEqualTo(dataset.tokenizerFingerprint());
                assertThat(copy.ids("The fox")).isEqualTo(tokenizer.ids("The fox"));
            }
        }
    }

    @Test
    void aWordPieceVocabularyIsCopiedWithItsSettings() throws IOException {
        List<String> tokens = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "fox", "dog", "##s");
        Path vocabulary = Files.write(temporary.resolve("words.txt"), tokens, UTF_8);
        Files.writeString(temporary.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}", UTF_8);
        assertTheCopyIsTheSame(vocabulary);
    }

    @Test
    void anyOtherTokenizerIsCopiedAsItsFile() throws IOException {
        Path json = Files.writeString(temporary.resolve("words.json"), """
                {"version": "1.0",
                 "added_tokens": [
                   {"id": 0, "content": "[PAD]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 1, "content": "[UNK]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 2, "content": "[CLS]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 3, "content": "[SEP]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                   {"id": 4, "content": "[MASK]", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
                 "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null, "decoder": null,
                 "model": {"type": "WordLevel", "unk_token": "[UNK]",
                   "vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "the": 5, "The": 6, "fox": 7}}}
                """, UTF_8);
        assertTheCopyIsTheSame(json);
    }
}
