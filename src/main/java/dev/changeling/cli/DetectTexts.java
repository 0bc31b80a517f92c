package dev.changeling.cli;

import dev.changeling.inference.Detection;
import dev.changeling.inference.Detector;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows what is suspected in texts, each by itself.
 *
 * @param expecting what would be expected; null if no generator is asked
 * @param threshold the probability from which a word is suspected
 */
record DetectTexts(
        Detector detector,
        @Nullable Expecting expecting,
        double threshold,
        Shape shape,
        PrintWriter out,
        PrintWriter err) {
    /** How a text is shown. */
    enum Shape {
        VIEW,
        TOKENS,
        JSON
    }

    void read(List<String> texts) {
        legend();
        texts.forEach(text -> show(text, 1));
    }

    void readStandardInput() throws IOException {
        legend();
        StandardLines lines = new StandardLines();
        long number = 0;
        for (String line = lines.next(); line != null && !out.checkError(); line = lines.next()) {
            number++;
            if (!line.isBlank()) {
                show(line, number);
            }
        }
        lines.tellInvalid(err);
    }

    private DetectionAnswers answers() {
        return new DetectionAnswers(expecting, threshold, Integer.MAX_VALUE);
    }

    private DetectionView view() {
        return new DetectionView(Terminal.hasColour(), threshold);
    }

    private void legend() {
        if (shape == Shape.VIEW) {
            out.println(view().legend());
            out.flush();
        }
    }

    private void show(String text, long line) {
        Detection detection = detector.detect(text);
        switch (shape) {
            case VIEW -> {
                out.println(view().render(detection));
                if (expecting != null) {
                    SuspectLines.of(
                                    detection.text(),
                                    line,
                                    answers().suspected(detection),
                                    answers().expectations(detection))
                            .forEach(out::println);
                }
            }
            case TOKENS -> {
                detection
                        .tokens()
                        .forEach(token -> out.println(
                                String.format(Locale.ROOT, "%.3f  %s", token.replaced(), Visible.of(token.text()))));
                out.println();
            }
            case JSON ->
                out.println(JsonMapper.shared().writeValueAsString(answers().json(detection)));
        }
        out.flush();
    }
}
