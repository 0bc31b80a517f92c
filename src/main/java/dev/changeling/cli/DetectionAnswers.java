package dev.changeling.cli;

import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import dev.changeling.inference.Expectation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is suspected in a text, and what would be expected there.
 *
 * @param expecting what is asked; null if no generator is
 * @param threshold the probability from which a word is suspected
 * @param most words of a text that are suspected, those with the highest probabilities
 */
record DetectionAnswers(@Nullable Expecting expecting, double threshold, int most) {

    /** Returns the suspected words in the order of the text. */
    List<DetectedWord> suspected(Detection detection) {
        return detection.words().stream()
                .filter(word -> word.replaced() >= threshold)
                .sorted(Comparator.comparingDouble(DetectedWord::replaced).reversed())
                .limit(most)
                .sorted(Comparator.comparingInt(DetectedWord::start))
                .toList();
    }

    /** Returns an answer for each suspected word; none if nobody is asked. */
    List<Expectation> expectations(Detection detection) {
        return expecting == null ? List.of() : expecting.of(detection.text(), suspected(detection));
    }

    /** Returns what is written as JSON. */
    Object json(Detection detection) {
        if (expecting == null) {
            return detection;
        }
        List<Map<String, Object>> words = new ArrayList<>();
        List<DetectedWord> suspected = suspected(detection);
        List<Expectation> expectations = expectations(detection);
        int next = 0;
        for (DetectedWord word : detection.words()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("text", word.text());
            json.put("start", word.start());
            json.put("end", word.end());
            json.put("replaced", word.replaced());
            if (next < suspected.size() && suspected.get(next).equals(word)) {
                Expecting.put(expectations.get(next), json);
                next++;
            }
            words.add(json);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("text", detection.text());
        json.put("tokens", detection.tokens());
        json.put("words", words);
        return json;
    }
}
