package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import java.util.Locale;

/**
 * A detection as text for a person. With colour, each word's background goes from none to deep red with its probability
 * of having been replaced; without, the words above a threshold are marked: {@code the [cat 0.83] barked}.
 *
 * @param colour whether the reader's terminal shows colours
 */
record DetectionView(boolean colour) {
    /** Below this, a word is shown as it is. */
    private static final double NOTICEABLE = 0.25;

    /** From here on, a word is more likely replaced than not. */
    private static final double MARKED = 0.5;

    private static final String RESET = "\u001b[0m";
    // xterm's 256 colours: background from pale to deep red, with a foreground that stays readable on each.
    private static final int[] BACKGROUNDS = {224, 217, 210, 203, 196, 160};
    private static final int BLACK = 16;
    private static final int WHITE = 231;

    /** Returns the original text with its words coloured or marked. */
    String render(Detection detection) {
        StringBuilder view = new StringBuilder();
        int at = 0;
        for (DetectedWord word : detection.words()) {
            view.append(detection.text(), at, word.start());
            view.append(colour ? coloured(word) : marked(word));
            at = word.end();
        }
        return view.append(detection.text().substring(at)).toString();
    }

    /** Returns what the colours mean, on one line. */
    String legend() {
        if (!colour) {
            return "[word 0.50]: more likely replaced than not, with the probability that it was";
        }
        StringBuilder legend = new StringBuilder("probability that a word was replaced: ");
        for (int i = 0; i < BACKGROUNDS.length; i++) {
            double from = NOTICEABLE + i * (1 - NOTICEABLE) / BACKGROUNDS.length;
            legend.append(painted(String.format(Locale.ROOT, " %.2f ", from), i));
        }
        return legend.toString();
    }

    private static String coloured(DetectedWord word) {
        if (word.replaced() < NOTICEABLE) {
            return word.text();
        }
        double strength = (word.replaced() - NOTICEABLE) / (1 - NOTICEABLE);
        return painted(word.text(), Math.min(BACKGROUNDS.length - 1, (int) (strength * BACKGROUNDS.length)));
    }

    private static String painted(String text, int level) {
        int foreground = level < BACKGROUNDS.length / 2 ? BLACK : WHITE;
        return "\u001b[48;5;" + BACKGROUNDS[level] + ";38;5;" + foreground + "m" + text + RESET;
    }

    private static String marked(DetectedWord word) {
        return word.replaced() < MARKED
                ? word.text()
                : String.format(Locale.ROOT, "[%s %.2f]", word.text(), word.replaced());
    }
}
