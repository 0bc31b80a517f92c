package dev.changeling.evaluation;

import dev.changeling.task.Span;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Scores of finding spans in sentences by tags, as conlleval (Tjong Kim Sang and Buchholz, CoNLL-2000) and seqeval by
 * default count them: a span is right if its type and both its ends are. For tags that mark no spans, such as parts of
 * speech, see {@link ClassificationScores}.
 *
 * @param tokenAccuracy the share of words whose tag is right
 * @param overall over the spans of all types together: its {@code f1()} is the F1 of CoNLL
 * @param types by type, of all types that occur or were predicted, sorted
 */
public record SpanScores(double tokenAccuracy, PrecisionRecall overall, SortedMap<String, PrecisionRecall> types) {
    public SpanScores {
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
    }

    /**
     * Compares predictions with what is right.
     *
     * @param gold the tags of each sentence
     * @param predicted as many for each
     * @throws IllegalArgumentException if there is no word, the lengths differ, or a tag is none that {@link Span}
     *     knows
     */
    public static SpanScores of(List<List<String>> gold, List<List<String>> predicted) {
        if (gold.size() != predicted.size()) {
            throw new IllegalArgumentException(predicted.size() + " predictions for " + gold.size() + " sentences");
        }
        long words = 0;
        long right = 0;
        PrecisionRecall none = new PrecisionRecall(0, 0, 0);
        PrecisionRecall overall = none;
        SortedMap<String, PrecisionRecall> types = new TreeMap<>();
        for (int i = 0; i < gold.size(); i++) {
            List<String> sentence = gold.get(i);
            List<String> guess = predicted.get(i);
            if (sentence.size() != guess.size()) {
                throw new IllegalArgumentException(guess.size() + " tags for " + sentence.size() + " words");
            }
            words += sentence.size();
            for (int word = 0; word < sentence.size(); word++) {
                right += sentence.get(word).equals(guess.get(word)) ? 1 : 0;
            }
            Set<Span> expected = new HashSet<>(Span.of(sentence));
            Set<Span> found = new HashSet<>(Span.of(guess));
            for (Span span : union(expected, found)) {
                PrecisionRecall one = new PrecisionRecall(
                        expected.contains(span) && found.contains(span) ? 1 : 0,
                        found.contains(span) ? 1 : 0,
                        expected.contains(span) ? 1 : 0);
                overall = overall.plus(one);
                types.merge(span.type(), one, PrecisionRecall::plus);
            }
        }
        if (words == 0) {
            throw new IllegalArgumentException("no words");
        }
        return new SpanScores(PrecisionRecall.share(right, words), overall, types);
    }

    private static Set<Span> union(Set<Span> expected, Set<Span> found) {
        Set<Span> all = new HashSet<>(expected);
        all.addAll(found);
        return all;
    }

    /** Returns the mean of the types' F1, each counting the same; 0 if there is no span. */
    public double macroF1() {
        return types.values().stream()
                .mapToDouble(PrecisionRecall::f1)
                .average()
                .orElse(0);
    }
}
