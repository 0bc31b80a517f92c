package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Parameter;
import dev.changeling.model.StandaloneModel;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.bytedeco.pytorch.NoGradGuard;

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
    public static PretrainedDiscriminator readDiscriminator(Path folder, Engine engine) throws IOException {
        StandaloneModel<Discriminator> model = null;
        Tokenizer tokenizer = null;
        boolean done = false;
        try (SavedNetwork saved = SavedNetwork.open(folder)) {
            HuggingFaceConfig config = saved.config();
            if (config.family() != EncoderFamily.ELECTRA) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: model_type: %s; expected electra (a %s can start one: changeling import --from %s)",
                        folder.resolve(HuggingFaceConfig.FILE),
                        config.family().modelType(),
                        config.family().modelType(),
                        folder));
            }
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

    private static void readWeights(SavedNetwork saved, StandaloneModel<Discriminator> model) {
        Set<String> unexpected = new LinkedHashSet<>(saved.names());
        unexpected.addAll(saved.leftOut());
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Parameter.Part part : model.parameters().parts().values()) {
                String name = part.name().substring(Discriminator.PREFIX.length());
                if (!unexpected.remove(name)) {
                    throw saved.missing(name, part.shape());
                }
                HostCopy.fromFloats(saved.floats(name, part.shape()), part.tensor());
            }
        }
        if (!unexpected.isEmpty()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s is not one of a discriminator with this %s",
                    saved.place(unexpected.iterator().next()),
                    HuggingFaceConfig.FILE));
        }
    }
}
