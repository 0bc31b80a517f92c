package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import dev.changeling.inference.Detector;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Sentences in the manner of a dictionary, one word of each swapped, as the discriminator sees them. */
final class QuickstartExamples {
    private static final List<Example> EXAMPLES = List.of(
            new Example("a person who %s houses", "builds", "or"),
            new Example("of or %s to the heart and blood vessels", "relating", "village"),
            new Example("a small boat used for fishing in the %s", "sea", "the"),
            new Example("make %s or better", "stronger", "river"),
            new Example("a genus of plants %s to North America", "native", "money"),
            new Example("the act of moving from one %s to another", "place", "who"),
            new Example("having or showing %s in doing something", "skill", "of"),
            new Example("any of various birds with long legs and a long %s", "neck", "to"));

    private record Example(String sentence, String original, String swapped) {}

    private QuickstartExamples() {}

    /** Shows each sentence, the word that was swapped, and whether it is the most suspected one. */
    static void show(Detector detector, PrintWriter out) {
        DetectionView view = new DetectionView(Terminal.hasColour());
        out.println("  " + view.legend());
        for (Example example : EXAMPLES) {
            String text = String.format(Locale.ROOT, example.sentence(), example.swapped());
            Detection detection = detector.detect(text);
            String suspected = detection.words().stream()
                    .max(Comparator.comparingDouble(DetectedWord::replaced))
                    .map(DetectedWord::text)
                    .orElse("");
            out.println(String.format(
                    Locale.ROOT,
                    "  %s %s   (was: %s)",
                    suspected.equals(example.swapped()) ? "found " : "missed",
                    view.render(detection),
                    example.original()));
        }
    }
}
