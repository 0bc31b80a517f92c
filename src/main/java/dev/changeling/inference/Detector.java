package dev.changeling.inference;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Marks in a text what a pre-trained discriminator takes for replaced. Safe for use by several threads; {@link #close}
 * waits for those that are at work, and frees the native memory.
 */
public final class Detector implements AutoCloseable {
    /** So many windows of a long text are judged, and forgotten, at a time. */
    private static final int WINDOWS_AT_ONCE = 64;

    private final OpenNetwork<Discriminator> network;

    /** @param pretrained closed with this detector */
    public Detector(Pretrained<Discriminator> pretrained) {
        network = new OpenNetwork<>(pretrained, "detector");
    }

    /**
     * Opens a discriminator's folder, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link HuggingFaceImport#readDiscriminator} does
     * @throws IOException if a file can't be read
     */
    public static Detector load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens a discriminator's folder.
     *
     * @throws InputException as {@link HuggingFaceImport#readDiscriminator} does
     * @throws IOException if a file can't be read
     */
    public static Detector load(Path folder, Engine engine) throws IOException {
        return new Detector(HuggingFaceImport.readDiscriminator(folder, engine));
    }

    /**
     * Returns what the discriminator makes of a text. A text longer than the network takes is cut into windows that
     * overlap.
     *
     * @throws IllegalStateException if the detector is closed
     */
    public Detection detect(String text) {
        return detect(List.of(text)).get(0);
    }

    /**
     * Returns what the discriminator makes of some texts, in their order; each is judged by itself.
     *
     * @throws IllegalStateException if the detector is closed
     */
    public List<Detection> detect(List<String> texts) {
        return network.use(pretrained -> detect(texts, pretrained));
    }

    /**
     * Hands over the words of a text of any length one after another, the same as {@link #detect}'s, but never all in
     * memory.
     *
     * @throws IllegalStateException if the detector is closed
     */
    public void forEachWord(String text, Consumer<DetectedWord> sink) {
        network.use(pretrained -> {
            Encoding encoding = pretrained.tokenizer().encode(text);
            List<Window> windows = windows(encoding, pretrained);
            Words words = new Words(text, sink);
            for (int from = 0; from < windows.size(); from += WINDOWS_AT_ONCE) {
                List<Window> some = windows.subList(from, Math.min(windows.size(), from + WINDOWS_AT_ONCE));
                Iterator<float[]> logits = score(sequences(encoding, some, pretrained), pretrained);
                some.forEach(window -> tokens(text, encoding, window, logits.next(), words::add));
            }
            words.end();
            return null;
        });
    }

    /** Returns the {@link dev.changeling.tokenizer.Tokenizer#fingerprint} of the discriminator's tokenizer. */
    public String tokenizerFingerprint() {
        return network.use(pretrained -> pretrained.tokenizer().fingerprint());
    }

    /** Returns the most tokens that are judged together, [CLS] and [SEP] included. */
    public int sequenceLength() {
        return network.use(Pretrained::sequenceLength);
    }

    private static List<Detection> detect(List<String> texts, Pretrained<Discriminator> pretrained) {
        List<Encoding> encodings = new ArrayList<>();
        List<int[]> sequences = new ArrayList<>();
        for (String text : texts) {
            Encoding encoding = pretrained.tokenizer().encode(text);
            encodings.add(encoding);
            sequences.addAll(sequences(encoding, windows(encoding, pretrained), pretrained));
        }
        Iterator<float[]> logits = score(sequences, pretrained);
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            Encoding encoding = encodings.get(i);
            String text = texts.get(i);
            List<DetectedToken> tokens = new ArrayList<>();
            for (Window window : windows(encoding, pretrained)) {
                tokens(text, encoding, window, logits.next(), tokens::add);
            }
            detections.add(new Detection(text, tokens, Words.of(text, tokens)));
        }
        return detections;
    }

    private static Iterator<float[]> score(List<int[]> sequences, Pretrained<Discriminator> pretrained) {
        return ReplacedTokenScorer.of(pretrained.model(), pretrained.padding())
                .score(sequences)
                .iterator();
    }

    /** @param logits of the window, [CLS] and [SEP] included */
    private static void tokens(
            String text, Encoding encoding, Window window, float[] logits, Consumer<DetectedToken> sink) {
        for (int token = window.believedFrom(); token < window.believedTo(); token++) {
            int start = encoding.starts()[token];
            int end = encoding.ends()[token];
            float logit = logits[token - window.from() + 1];
            sink.accept(new DetectedToken(text.substring(start, end), start, end, 1 / (1 + Math.exp(-logit))));
        }
    }

    private static List<Window> windows(Encoding encoding, Pretrained<Discriminator> pretrained) {
        return Window.over(encoding.ids().length, pretrained.sequenceLength() - 2);
    }

    private static List<int[]> sequences(
            Encoding encoding, List<Window> windows, Pretrained<Discriminator> pretrained) {
        SequenceBuilder sequences = pretrained.sequences();
        return windows.stream()
                .map(window -> Arrays.copyOfRange(encoding.ids(), window.from(), window.to()))
                .map(tokens -> sequences.of(tokens).tokens())
                .toList();
    }

    @Override
    public void close() {
        network.close();
    }
}
