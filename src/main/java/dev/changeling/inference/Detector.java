package dev.changeling.inference;

import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Encoding;
import dev.changeling.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Marks in a text what a pre-trained discriminator takes for replaced. Safe for use by several threads; {@link #close}
 * waits for those that are at work, and frees the native memory.
 */
public final class Detector implements AutoCloseable {
    private final Pretrained<Discriminator> pretrained;
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean isClosed;

    /** @param pretrained closed with this detector */
    public Detector(Pretrained<Discriminator> pretrained) {
        this.pretrained = pretrained;
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
        use.readLock().lock();
        try {
            if (isClosed) {
                throw new IllegalStateException("the detector is closed");
            }
            return detectOpen(texts);
        } finally {
            use.readLock().unlock();
        }
    }

    private List<Detection> detectOpen(List<String> texts) {
        List<Encoding> encodings = new ArrayList<>();
        List<int[]> sequences = new ArrayList<>();
        for (String text : texts) {
            Encoding encoding = pretrained.tokenizer().encode(text);
            encodings.add(encoding);
            for (Window window : windows(encoding)) {
                sequences.add(sequence(encoding, window));
            }
        }
        Iterator<float[]> scores = ReplacedTokenScorer.of(pretrained.model(), pretrained.padding())
                .score(sequences)
                .iterator();
        List<Detection> detections = new ArrayList<>();
        for (int i = 0; i < encodings.size(); i++) {
            detections.add(detection(texts.get(i), encodings.get(i), scores));
        }
        return detections;
    }

    /** @param scores of the windows that haven't been looked at yet, [CLS] and [SEP] included */
    private Detection detection(String text, Encoding encoding, Iterator<float[]> scores) {
        List<DetectedToken> tokens = new ArrayList<>();
        for (Window window : windows(encoding)) {
            float[] logits = scores.next();
            for (int token = window.believedFrom(); token < window.believedTo(); token++) {
                int start = encoding.starts()[token];
                int end = encoding.ends()[token];
                float logit = logits[token - window.from() + 1];
                tokens.add(new DetectedToken(text.substring(start, end), start, end, 1 / (1 + Math.exp(-logit))));
            }
        }
        return new Detection(text, tokens, Words.of(text, tokens));
    }

    private List<Window> windows(Encoding encoding) {
        return Window.over(encoding.ids().length, pretrained.sequenceLength() - 2);
    }

    private int[] sequence(Encoding encoding, Window window) {
        SpecialTokens special = pretrained.tokenizer().vocabulary().special();
        int length = window.to() - window.from();
        int[] sequence = new int[length + 2];
        sequence[0] = special.classify();
        System.arraycopy(encoding.ids(), window.from(), sequence, 1, length);
        sequence[length + 1] = special.separator();
        return sequence;
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!isClosed) {
                isClosed = true;
                pretrained.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
