package dev.changeling.hub;

import dev.changeling.config.ModelConfig;
import dev.changeling.error.FileFailure;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes both networks as folders that Hugging Face's {@code from_pretrained} opens: {@code discriminator} (an
 * {@code ElectraForPreTraining}, or an {@code ElectraForMaskedLM} if it learned to predict tokens only) and
 * {@code generator} (an {@code ElectraForMaskedLM}).
 *
 * <p>Parameters have Hugging Face's names already, so a network's file holds its own and the shared ones, less the
 * prefix. The generator's output matrix is the word table and isn't written twice.
 */
public final class HuggingFaceExport {
    /** The folder of the encoder that is kept. */
    public static final String DISCRIMINATOR = "discriminator";
    /** The folder of the masked language model. */
    public static final String GENERATOR = "generator";

    private HuggingFaceExport() {}

    /**
     * Writes the two folders into one, which appears as a whole or not at all. An earlier export is replaced.
     *
     * @param folder where {@code discriminator} and {@code generator} go
     * @param config that the model was built with
     * @param tokenizerFolder holds the tokenizer's files
     * @param sequenceLength the longest sequence that the model was trained on, in tokens; becomes the tokenizer's
     *     {@code model_max_length}
     * @throws dev.changeling.error.InputException if the folder holds anything that an export doesn't, or the tokenizer
     *     is damaged or not the model's, or writing fails; nothing is left then
     */
    public static void write(Path folder, Electra model, ModelConfig config, Path tokenizerFolder, int sequenceLength) {
        write(folder, model, config, tokenizerFolder, sequenceLength, Set.of(DISCRIMINATOR, GENERATOR), Map.of());
    }

    /**
     * Writes one of the networks or both, as {@link #write(Path, Electra, ModelConfig, Path, int)} does, with model
     * cards.
     *
     * @param networks the names of their folders
     * @param cards by the name of the network's folder
     */
    public static void write(
            Path folder,
            Electra model,
            ModelConfig config,
            Path tokenizerFolder,
            int sequenceLength,
            Set<String> networks,
            Map<String, ModelCard> cards) {
        write(folder, model, config, tokenizerFolder, sequenceLength, networks, cards, "");
    }

    /** Returns the model card in an earlier export that somebody has edited since it was written, if there is one. */
    public static Optional<Path> editedCard(Path folder) {
        return Stream.of(DISCRIMINATOR, GENERATOR)
                .map(network -> folder.resolve(network).resolve(ModelCard.FILE))
                .filter(card -> Files.exists(card) && !ModelCard.isUnchanged(card))
                .findFirst();
    }

    /**
     * Writes one of the networks or both.
     *
     * @param networks the names of their folders
     * @param pretrainConfig the configuration of a run that goes on from them, or empty for none
     */
    static void write(
            Path folder,
            Electra model,
            ModelConfig config,
            Path tokenizerFolder,
            int sequenceLength,
            Set<String> networks,
            String pretrainConfig) {
        write(folder, model, config, tokenizerFolder, sequenceLength, networks, Map.of(), pretrainConfig);
    }

    private static void write(
            Path folder,
            Electra model,
            ModelConfig config,
            Path tokenizerFolder,
            int sequenceLength,
            Set<String> networks,
            Map<String, ModelCard> cards,
            String pretrainConfig) {
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder);
                ExportFolder export = ExportFolder.begin(folder, Set.of(DISCRIMINATOR, GENERATOR))) {
            NetworkFolder out = new NetworkFolder(
                    model.engine(),
                    model.parameters(),
                    model.vocabularySize(),
                    config,
                    tokenizer,
                    tokenizerFolder,
                    sequenceLength);
            out.requireSameSize();
            if (networks.contains(DISCRIMINATOR)) {
                out.write(
                        export.network(DISCRIMINATOR),
                        List.of(Discriminator.PREFIX, Electra.SHARED),
                        model.detects() ? NetworkFolder.PRE_TRAINING : NetworkFolder.MASKED_LM,
                        config.discriminator(),
                        cards.get(DISCRIMINATOR));
            }
            if (networks.contains(GENERATOR)) {
                out.write(
                        export.network(GENERATOR),
                        List.of(Generator.PREFIX, Electra.SHARED),
                        NetworkFolder.MASKED_LM,
                        config.generator(),
                        cards.get(GENERATOR));
            }
            if (!pretrainConfig.isEmpty()) {
                Files.writeString(export.files().resolve(NetworkImport.CONFIG), pretrainConfig, StandardCharsets.UTF_8);
            }
            export.finish();
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }
}
