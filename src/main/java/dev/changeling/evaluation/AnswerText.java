package dev.changeling.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An answer as SQuAD's evaluation script compares it: in lower case, without ASCII's punctuation, without articles, its
 * words one blank apart. Letters, digits and blanks are those of Python, which the script is written in.
 */
final class AnswerText {
    private static final Pattern PUNCTUATION = Pattern.compile("[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]");
    // Java's \b differs from Python's, and from one JDK to the next.
    private static final Pattern ARTICLE = Pattern.compile("(?<![\\p{L}\\p{N}_])(?:a|an|the)(?![\\p{L}\\p{N}_])");
    private static final Pattern BLANKS = Pattern.compile("[\\s\\x1C-\\x1F\\x85\\p{Z}]+");

    private final List<String> words;

    private AnswerText(List<String> words) {
        this.words = words;
    }

    static AnswerText of(String answer) {
        String plain = PUNCTUATION.matcher(answer.toLowerCase(Locale.ROOT)).replaceAll("");
        String bare = ARTICLE.matcher(plain).replaceAll(" ");
        return new AnswerText(Arrays.stream(BLANKS.split(bare))
                .filter(word -> !word.isEmpty())
                .toList());
    }

    boolean isEmpty() {
        return words.isEmpty();
    }

    /** Returns whether both are the same. */
    boolean matches(AnswerText other) {
        return words.equals(other.words);
    }

    /** Returns F1 over the words of both as bags; where one has none, 1 if the other has none either, else 0. */
    double f1(AnswerText gold) {
        if (words.isEmpty() || gold.words.isEmpty()) {
            return words.isEmpty() && gold.words.isEmpty() ? 1 : 0;
        }
        Map<String, Long> mine = bag(words);
        long same = bag(gold.words).entrySet().stream()
                .mapToLong(word -> Math.min(word.getValue(), mine.getOrDefault(word.getKey(), 0L)))
                .sum();
        return new PrecisionRecall(same, words.size(), gold.words.size()).f1();
    }

    private static Map<String, Long> bag(List<String> words) {
        return words.stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
