package dev.changeling.hub;

import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts a tokenizer's files beside a network's. */
final class HuggingFaceTokenizerFiles {
    private static final List<String> FILES =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");

    private HuggingFaceTokenizerFiles() {}

    /**
     * Writes or copies the files.
     *
     * @param from the tokenizer's own folder
     * @param sequenceLength becomes {@code model_max_length}
     */
    static void write(Tokenizer tokenizer, Path from, Path to, int sequenceLength) throws IOException {
        if (tokenizer instanceof WordPieceTokenizer wordPiece) {
            // All four files, even if there was a vocab.txt alone.
            TokenizerFiles.write(to, wordPiece.vocabulary(), wordPiece.normalization(), sequenceLength);
            return;
        }
        for (String name : FILES) {
            Path file = from.resolve(name);
            if (Files.exists(file)) {
                Files.copy(file, to.resolve(name));
            }
        }
    }
}
