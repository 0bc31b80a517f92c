package dev.changeling.shard;

import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A tokenizer on its way into a data set.
 *
 * @param tokenizer the tokenizer
 * @param source the file or folder that it was loaded from
 */
record TokenizerCopy(Tokenizer tokenizer, Path source) {
    private static final String JSON = "tokenizer.json";

    /**
     * Writes files that load as the same tokenizer.
     *
     * @param maximumLength how many tokens a sequence may have
     */
    void write(Path folder, int maximumLength) throws IOException {
        if (tokenizer instanceof WordPieceTokenizer wordPiece) {
            // A vocab.txt alone would leave its settings, cased or uncased, to a guess.
            TokenizerFiles.write(folder, wordPiece.vocabulary(), wordPiece.normalization(), maximumLength);
            return;
        }
        Path file = Files.isDirectory(source) ? source.resolve(JSON) : source;
        Path name = file.toString().endsWith(".json") ? Path.of(JSON) : file.getFileName();
        Files.createDirectories(folder);
        Files.copy(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
}
