package dev.changeling.hub;

import dev.changeling.config.ModelConfig;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an encoder without its head as a folder that Hugging Face's {@code AutoModel} opens: an {@code ElectraModel},
 * whose parameters have no {@code electra.} before their names. Of a folder with a head, transformers 5 reports the
 * head's parameters each time that {@code AutoModel} leaves them aside.
 */
public final class EncoderExport {
    private static final String ARCHITECTURE = "ElectraModel";
    private static final List<String> PREFIXES =
            List.of(Discriminator.PREFIX + EncoderFamily.TRUNK, Electra.SHARED + EncoderFamily.TRUNK);

    private EncoderExport() {}

    /**
     * Writes the discriminator's encoder; the folder appears as a whole or not at all. An earlier export is replaced.
     *
     * @param config that the model was built with
     * @param tokenizerFolder holds the tokenizer's files
     * @param sequenceLength the longest sequence that the model was trained on, in tokens; becomes the tokenizer's
     *     {@code model_max_length}
     * @throws InputException if the folder holds anything that an export of an encoder doesn't, or the tokenizer is
     *     damaged or not the model's, or writing fails; nothing is left then
     */
    public static void write(
            Path folder, Electra model, ModelConfig config, Path tokenizerFolder, int sequenceLength, ModelCard card) {
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder)) {
            NetworkFolder network = new NetworkFolder(
                    model.engine(),
                    model.parameters(),
                    model.vocabularySize(),
                    config,
                    tokenizer,
                    tokenizerFolder,
                    sequenceLength);
            network.requireSameSize();
            write(folder, network, card);
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }

    /**
     * Writes the encoder of a Hugging Face folder, whatever head is on it.
     *
     * @param from an ELECTRA's folder
     * @return the names of the parameters that are left out, which are the head's
     * @throws InputException as the other, and if {@code from} is no ELECTRA, or damaged
     * @throws IOException if a file can't be read
     */
    public static List<String> write(Path folder, Path from, Engine engine) throws IOException {
        ExportFolder.requireOutside(List.of(from), folder);
        try (SavedNetwork saved = SavedNetwork.open(from);
                Tokenizer tokenizer = Tokenizers.load(from)) {
            HuggingFaceConfig config = saved.config();
            saved.requireElectra();
            config.requireRoomFor(tokenizer.vocabulary(), from);
            List<String> head = head(saved);
            try (StandaloneModel<TransformerEncoder> model =
                    StandaloneModel.encoder(engine, config.model(), config.vocabularySize())) {
                Set<String> loaded = saved.load(model);
                saved.requireNoTrunkBut(loaded);
                head.removeAll(loaded);

                NetworkFolder network = new NetworkFolder(
                        engine,
                        model.parameters(),
                        config.vocabularySize(),
                        config.model(),
                        tokenizer,
                        from,
                        HuggingFaceImport.sequenceLength(from, config));
                try {
                    write(folder, network, null);
                } catch (IOException e) {
                    throw FileFailure.unwritable(folder, e);
                }
            }
            return head;
        }
    }

    private static List<String> head(SavedNetwork saved) {
        List<String> head = new ArrayList<>(saved.names());
        head.addAll(saved.leftOut());
        return head;
    }

    private static void write(Path folder, NetworkFolder network, @Nullable ModelCard card) throws IOException {
        requireEncoder(folder);
        try (ExportFolder export = ExportFolder.beginNetwork(folder)) {
            network.write(
                    export.files(), PREFIXES, ARCHITECTURE, network.config().discriminator(), card);
            export.finish();
        }
    }

    /** A network with a head has the same files, and a tokenizer some of them: neither must be lost. */
    private static void requireEncoder(Path folder) throws IOException {
        if (!Files.isDirectory(folder) || isEmpty(folder)) {
            return;
        }
        Path file = folder.resolve(HuggingFaceConfig.FILE);
        if (!Files.exists(file)) {
            throw new InputException(folder + ": holds files, but no " + HuggingFaceConfig.FILE
                    + "; expected an empty folder, an earlier export of an encoder, or nothing");
        }
        if (!JsonSettings.read(file, "a Hugging Face config.json").isListOf("architectures", ARCHITECTURE)) {
            throw new InputException(folder + ": holds another network than an " + ARCHITECTURE
                    + "; expected an empty folder, an earlier export of an encoder, or nothing");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
