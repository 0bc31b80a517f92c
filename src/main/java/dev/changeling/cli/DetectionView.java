package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import java.util.Locale;

/**
 * A detection as text for a person. With colour, each word's background goes from none to deep red with its probability
 * of having been replaced; without, the words from a threshold on are marked: {@code the [cat 0.83] barked}.
 *
 * @param colour whether the reader's terminal shows colours
 * @param threshold the probability from which a word is marked
 */
record DetectionView(boolean colour, double threshold) {
    /** Below this, a word is shown as it is. */
    private static final double NOTICEABLE = 0.25;

    /** From here on, a word is more likely replaced than not. */
    private static final double LIKELY = 0.5;

    private static final String RESET = "\u001b[0m";
    // xterm's 256 colours: background from pale to deep red, with a foreground that stays readable on each.
    private static final int[] BACKGROUNDS = {224, 217, 210, 203, 196, 160};
    private static final int BLACK = 16;
    private static final int WHITE = 231;

    /** Marks what is more likely replaced than not. */
    DetectionView(boolean colour) {
        this(colour, LIKELY);
    }

    /** Returns the original text with its words coloured or marked. */
    String render(Detection detection) {
        StringBuilder view = new StringBuilder();
        int at = 0;
        for (DetectedWord word : detection.words()) {
            view.append(Visible.of(detection.text().substring(at, word.start())));
            view.append(colour ? coloured(word) : marked(word));
            at = word.end();
        }
        return view.append(Visible.of(detection.text().substring(at))).toString();
    }

    /** Returns what the colours mean, on one line. */
    String legend() {
        if (!colour) {
            String meaning = threshold == LIKELY ? "more likely replaced than not" : "suspected";
            return String.format(
                    Locale.ROOT, "[word %.2f]: %s, with the probability that it was replaced", threshold, meaning);
        }
        StringBuilder legend = new StringBuilder("probability that a word was replaced: ");
        for (int i = 0; i < BACKGROUNDS.length; i++) {
            double from = NOTICEABLE + i * (1 - NOTICEABLE) / BACKGROUNDS.length;
            legend.append(painted(String.format(Locale.ROOT, " %.2f ", from), i));
        }
        return legend.toString();
    }

    private static String coloured(DetectedWord word) {
        String text = Visible.of(word.text());
        if (word.replaced() < NOTICEABLE) {
            return text;
        }
        double strength = (word.replaced() - NOTICEABLE) / (1 - NOTICEABLE);
        return painted(text, Math.min(BACKGROUNDS.length - 1, (int) (strength * BACKGROUNDS.length)));
    }

    private static String painted(String text, int level) {
        int foreground = level < BACKGROUNDS.length / 2 ? BLACK : WHITE;
        return "\u001b[48;5;" + BACKGROUNDS[level] + ";38;5;" + foreground + "m" + text + RESET;
    }

    private String marked(DetectedWord word) {
        String text = Visible.of(word.text());
        return word.replaced() < threshold ? text : String.format(Locale.ROOT, "[%s %.2f]", text, word.replaced());
    }
}
