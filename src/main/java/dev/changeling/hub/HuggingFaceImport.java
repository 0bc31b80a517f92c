package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.StandaloneModel;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Opens folders that hold an ELECTRA as Hugging Face lays it out: {@code config.json}, the weights
 * ({@link WeightFiles}) and the tokenizer's files.
 */
public final class HuggingFaceImport {
    private static final String HEAD = "discriminator_predictions.";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    private HuggingFaceImport() {}

    /**
     * Opens a discriminator's folder.
     *
     * @throws InputException if a file is missing or damaged, the network is of a kind that isn't known here, a tensor
     *     is missing, unexpected, not finite, or of another shape or type than {@code config.json} says, or the
     *     tokenizer has more tokens than the network
     * @throws IOException if a file can't be read
     */
    public static PretrainedDiscriminator readDiscriminator(Path folder, Engine engine) throws IOException {
        StandaloneModel<Discriminator> model = null;
        Tokenizer tokenizer = null;
        boolean done = false;
        try (SavedNetwork saved = SavedNetwork.open(folder)) {
            HuggingFaceConfig config = saved.config();
            saved.requireElectra();
            requireHead(saved);
            int sequenceLength = sequenceLength(folder, config);
            tokenizer = Tokenizers.load(folder);
            config.requireRoomFor(tokenizer.vocabulary(), folder);
            model = StandaloneModel.discriminator(engine, config.model(), config.vocabularySize());
            readWeights(saved, model);
            done = true;
            return new PretrainedDiscriminator(model, tokenizer, sequenceLength);
        } finally {
            if (!done) {
                if (tokenizer != null) {
                    tokenizer.close();
                }
                if (model != null) {
                    model.close();
                }
            }
        }
    }

    // A position table may be longer than anything that the network was trained on; the tokenizer's file tells.
    static int sequenceLength(Path folder, HuggingFaceConfig config) throws IOException {
        Path file = folder.resolve(TOKENIZER_CONFIG);
        double length = config.maxPositions();
        if (Files.exists(file)) {
            // Where no length is known, Hugging Face writes 10^30.
            length = Math.min(
                    length, JsonSettings.read(file, "a tokenizer_config.json").number("model_max_length", length));
        }
        if (length < 3) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: sequences of at most %.0f tokens; expected room for [CLS], a token and [SEP]",
                    folder,
                    length));
        }
        return (int) length;
    }

    private static void requireHead(SavedNetwork saved) {
        if (saved.names().stream().noneMatch(name -> name.startsWith(HEAD))) {
            throw new InputException(saved.folder() + ": has no head that tells replaced tokens (no tensor " + HEAD
                    + "*); expected a discriminator");
        }
    }

    private static void readWeights(SavedNetwork saved, StandaloneModel<Discriminator> model) {
        Set<String> unexpected = new LinkedHashSet<>(saved.names());
        unexpected.addAll(saved.leftOut());
        unexpected.removeAll(saved.load(model));
        if (!unexpected.isEmpty()) {
            throw saved.unexpected(unexpected.iterator().next(), "a discriminator");
        }
    }
}
