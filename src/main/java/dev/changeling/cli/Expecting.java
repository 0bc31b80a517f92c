package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Expectation;
import dev.changeling.inference.Suggester;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Asks a generator what would be expected, and words its answers.
 *
 * @param suggester what is asked
 * @param candidates how many expected words are shown
 */
record Expecting(Suggester suggester, int candidates) {

    List<Expectation> of(String text, List<DetectedWord> words) {
        return suggester.expect(text, words, candidates);
    }

    /** Returns an answer on one line: {@code expected dog (.31), man (.12); barked itself (.003)}. */
    static String text(DetectedWord word, Expectation expectation) {
        String expected = expectation.expected().stream()
                .map(candidate -> candidate.text() + " (" + probability(candidate.probability()) + ")")
                .collect(Collectors.joining(", "));
        Double original = expectation.original();
        return "expected " + (expected.isEmpty() ? "nothing that the vocabulary has" : expected)
                + (original == null ? "" : "; this itself (" + probability(original) + ")");
    }

    /** Adds an answer to a JSON object of a word. */
    static void put(Expectation expectation, Map<String, Object> json) {
        Double original = expectation.original();
        if (original != null) {
            json.put("original", original);
        }
        json.put("expected", expectation.expected());
    }

    private static String probability(double probability) {
        if (probability < 0.001) {
            return "<.001";
        }
        String text = String.format(Locale.ROOT, probability < 0.01 ? "%.3f" : "%.2f", probability);
        return text.startsWith("0") ? text.substring(1) : text;
    }
}
