package dev.changeling.inference;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Generator;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells what a pre-trained generator would have expected in the place of a word. Safe for use by several threads;
 * {@link #close} waits for those that are at work, and frees the native memory.
 *
 * <p>The generator reads the text with the word hidden: the word alone, what else is suspected stays. How many [MASK]s
 * hide it tells the generator how many pieces to expect, so a word of several pieces is hidden twice: by one [MASK],
 * for words that the vocabulary has whole, and by as many as it has pieces, which are then filled from left to right (a
 * beam search). The probability of several pieces is the product of each one's, given those before it.
 */
public final class Suggester implements AutoCloseable {
    /** So many words are asked about at a time, each with as many answers as it has pieces, of a vocabulary each. */
    private static final int WORDS_AT_ONCE = 16;

    private final OpenNetwork<Generator> network;
    private final Pieces pieces;

    /** @param pretrained closed with this suggester */
    public Suggester(Pretrained<Generator> pretrained) {
        network = new OpenNetwork<>(pretrained, "suggester");
        pieces = new Pieces(pretrained.tokenizer().vocabulary());
    }

    /**
     * Opens a generator's folder, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link HuggingFaceImport#readGenerator} does
     * @throws IOException if a file can't be read
     */
    public static Suggester load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens a generator's folder.
     *
     * @throws InputException as {@link HuggingFaceImport#readGenerator} does
     * @throws IOException if a file can't be read
     */
    public static Suggester load(Path folder, Engine engine) throws IOException {
        return new Suggester(HuggingFaceImport.readGenerator(folder, engine));
    }

    /**
     * Returns what would be expected in the place of each of some words, in their order. The words may come from a
     * discriminator with another vocabulary.
     *
     * @param words of the text
     * @param most how many candidates a word has at most, from 1
     * @throws IllegalStateException if the suggester is closed
     */
    public List<Expectation> expect(String text, List<DetectedWord> words, int most) {
        if (words.isEmpty()) {
            return List.of();
        }
        return network.use(pretrained -> {
            Encoding encoding = pretrained.tokenizer().encode(text);
            WordFiller filler = new WordFiller(pretrained, pieces, most);
            int width = pretrained.sequenceLength() - 2;
            List<Expectation> expectations = new ArrayList<>();
            for (int from = 0; from < words.size(); from += WORDS_AT_ONCE) {
                List<DetectedWord> some = words.subList(from, Math.min(words.size(), from + WORDS_AT_ONCE));
                List<MaskedWord> masked = some.stream()
                        .map(word -> MaskedWord.of(encoding, word, width))
                        .toList();
                expectations.addAll(filler.fill(masked));
            }
            return expectations;
        });
    }

    /** Returns the {@link dev.changeling.tokenizer.Tokenizer#fingerprint} of the generator's tokenizer. */
    public String tokenizerFingerprint() {
        return network.use(pretrained -> pretrained.tokenizer().fingerprint());
    }

    @Override
    public void close() {
        network.close();
    }
}
