package dev.changeling.tokenizer;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Opens tokenizers from files. */
public final class Tokenizers {
    private Tokenizers() {}

    /**
     * Opens a tokenizer.
     *
     * <ul>
     *   <li>A folder: its {@code tokenizer.json}, or if there is none its {@code vocab.txt}.
     *   <li>A file that ends in {@code .json}: any {@code tokenizer.json} of Hugging Face's tokenizers. BERT's
     *       WordPiece is done here, every other model by that library.
     *   <li>Any other file: a WordPiece vocabulary, one token a line. Whether it is cased is what {@code do_lower_case}
     *       in a {@code tokenizer_config.json} beside it says. If there is none, its tokens tell: it is cased if one
     *       has a capital letter, and keeps accents if one has a capital letter or an accent.
     * </ul>
     *
     * @throws InputException if there is no such file, or it is damaged or of another kind
     * @throws IOException if a file can't be read
     */
    public static Tokenizer load(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            Path json = path.resolve(TokenizerFiles.TOKENIZER);
            Path vocabulary = path.resolve(TokenizerFiles.VOCABULARY);
            if (Files.exists(json)) {
                return loadJson(json);
            }
            if (Files.exists(vocabulary)) {
                return loadVocabulary(vocabulary);
            }
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: neither %s nor %s in this folder; expected a tokenizer",
                    path,
                    TokenizerFiles.TOKENIZER,
                    TokenizerFiles.VOCABULARY));
        }
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".json") ? loadJson(path) : loadVocabulary(path);
    }

    private static Tokenizer loadJson(Path file) throws IOException {
        JsonNode json = JsonFile.read(file, "a tokenizer.json");
        return BertTokenizerJson.isBert(json)
                ? BertTokenizerJson.open(json, file)
                : HuggingFaceTokenizerAdapter.open(json, file);
    }

    private static Tokenizer loadVocabulary(Path file) throws IOException {
        Vocabulary vocabulary = Vocabulary.load(file);
        Path config = file.resolveSibling(TokenizerFiles.CONFIG);
        BertNormalization normalization = Files.exists(config)
                ? BertTokenizerJson.normalizationOfConfig(JsonFile.read(config, "a tokenizer_config.json"), config)
                : normalizationThatFits(vocabulary);
        return new WordPieceTokenizer(vocabulary, normalization);
    }

    /** Returns the normalisation that changes no token: what a vocabulary was made with leaves nothing to change. */
    private static BertNormalization normalizationThatFits(Vocabulary vocabulary) {
        int properties = vocabulary.tokens().stream()
                .filter(token -> !(token.startsWith("[") && token.endsWith("]")))
                .flatMapToInt(String::codePoints)
                .map(BertUnicode.instance()::properties)
                .reduce(0, (a, b) -> a | b);
        boolean isCased = (properties & BertUnicode.HAS_LOWERCASE) != 0;
        boolean hasAccents = (properties & (BertUnicode.MARK | BertUnicode.DECOMPOSES)) != 0;
        return new BertNormalization(!isCased, !isCased && !hasAccents);
    }
}
