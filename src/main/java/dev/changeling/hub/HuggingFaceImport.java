package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Generator;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TransformerEncoder;
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
    public static Pretrained<Discriminator> readDiscriminator(Path folder, Engine engine) throws IOException {
        return read(folder, saved -> {
            requireHead(saved, "discriminator_predictions.", "tells replaced tokens", "discriminator");
            StandaloneModel<Discriminator> model = StandaloneModel.discriminator(
                    engine, saved.config().model(), saved.config().vocabularySize());
            return loaded(saved, model, "a discriminator");
        });
    }

    /**
     * Opens a generator's folder.
     *
     * @throws InputException as {@link #readDiscriminator} does
     * @throws IOException if a file can't be read
     */
    public static Pretrained<Generator> readGenerator(Path folder, Engine engine) throws IOException {
        return read(folder, saved -> {
            requireHead(saved, "generator_predictions.", "predicts tokens", "generator");
            StandaloneModel<Generator> model = StandaloneModel.generator(
                    engine, saved.config().model(), saved.config().vocabularySize());
            return loaded(saved, model, "a generator");
        });
    }

    /**
     * Opens the trunk of any ELECTRA's folder, whatever head is on it.
     *
     * @throws InputException as {@link #readDiscriminator} does
     * @throws IOException if a file can't be read
     */
    public static Pretrained<TransformerEncoder> readEncoder(Path folder, Engine engine) throws IOException {
        return read(folder, saved -> {
            StandaloneModel<TransformerEncoder> model = StandaloneModel.encoder(
                    engine, saved.config().model(), saved.config().vocabularySize());
            return closedUnless(model, () -> saved.requireNoTrunkBut(saved.load(model)));
        });
    }

    /**
     * Returns whether a folder's network has a head that tells replaced tokens.
     *
     * @throws InputException if a file is missing or damaged
     * @throws IOException if a file can't be read
     */
    public static boolean isDiscriminator(Path folder) throws IOException {
        try (SavedNetwork saved = SavedNetwork.open(folder)) {
            return saved.role() == SavedNetwork.Role.DISCRIMINATOR;
        }
    }

    @FunctionalInterface
    private interface Reading<N> {
        StandaloneModel<N> read(SavedNetwork saved);
    }

    private static <N> Pretrained<N> read(Path folder, Reading<N> reading) throws IOException {
        try (SavedNetwork saved = SavedNetwork.open(folder)) {
            HuggingFaceConfig config = saved.config();
            saved.requireElectra();
            int sequenceLength = sequenceLength(folder, config);
            Tokenizer tokenizer = Tokenizers.load(folder);
            boolean done = false;
            try {
                config.requireRoomFor(tokenizer.vocabulary(), folder);
                Pretrained<N> pretrained = new Pretrained<>(reading.read(saved), tokenizer, sequenceLength);
                done = true;
                return pretrained;
            } finally {
                if (!done) {
                    tokenizer.close();
                }
            }
        }
    }

    private static <N> StandaloneModel<N> loaded(SavedNetwork saved, StandaloneModel<N> model, String network) {
        return closedUnless(model, () -> {
            Set<String> unexpected = new LinkedHashSet<>(saved.names());
            unexpected.addAll(saved.leftOut());
            unexpected.removeAll(saved.load(model));
            if (!unexpected.isEmpty()) {
                throw saved.unexpected(unexpected.iterator().next(), network);
            }
        });
    }

    private static <N> StandaloneModel<N> closedUnless(StandaloneModel<N> model, Runnable loading) {
        boolean done = false;
        try {
            loading.run();
            done = true;
            return model;
        } finally {
            if (!done) {
                model.close();
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

    private static void requireHead(SavedNetwork saved, String head, String purpose, String network) {
        if (saved.names().stream().noneMatch(name -> name.startsWith(head))) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: has no head that %s (no tensor %s*); expected a %s",
                    saved.folder(),
                    purpose,
                    head,
                    network));
        }
    }
}
