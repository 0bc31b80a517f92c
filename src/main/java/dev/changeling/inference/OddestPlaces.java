package dev.changeling.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The oddest words of any number of documents, in memory for so many places and one document.
 *
 * <p>They are ranked by the logarithm of the odds that the word was replaced, less half of that of the same word's mean
 * probability in all its other places: of a name or a word of dialect that the network suspects wherever it stands, one
 * more suspicion says little. docs/detect.md has the trial behind it.
 *
 * <p>That mean is known at the end only, so ten times as many places as asked for are kept by what is known when they
 * come, and ranked anew each time the number of words has doubled, and at the end. Not safe for use by several threads.
 */
public final class OddestPlaces {
    private static final double WEIGHT_OF_THE_WORD = 0.5;
    private static final int KEPT_FOR_EACH = 10;
    // Short documents are judged together, a long one by itself and window by window; in UTF-16 units.
    private static final int TOGETHER = 1 << 15;
    /** Of a passage: more than the tokens of a sequence, at this many UTF-16 units a token, is of no use. */
    private static final int UNITS_A_TOKEN = 8;
    /** What is longer, in UTF-16 units, is data and no word. */
    private static final int LONGEST_WORD = 1000;

    private static final int WORDS_A_REPORT = 1024;

    private record Waiting(String source, long line, String text) {}

    /** @param order the number of the word in the corpus */
    private record Ranked(OddPlace place, double oddness, long order) {}

    private static final Comparator<Ranked> LEAST_ODD_FIRST =
            Comparator.comparingDouble(Ranked::oddness).thenComparing(Ranked::order, Comparator.reverseOrder());

    private final Detector detector;
    private final int most;
    private final Runnable progress;
    private final int reach;
    private final WordSuspicions suspicions = new WordSuspicions();
    private final PriorityQueue<Ranked> kept = new PriorityQueue<>(LEAST_ODD_FIRST);
    private final List<Waiting> waiting = new ArrayList<>();
    private int waitingLength;
    private long documents;
    private long words;
    private long nextRanking = 2;

    /**
     * @param most how many places are returned, from 1
     * @param progress run every now and then while documents are judged
     */
    public OddestPlaces(Detector detector, int most, Runnable progress) {
        this.detector = detector;
        this.most = most;
        this.progress = progress;
        this.reach = UNITS_A_TOKEN / 2 * detector.sequenceLength();
    }

    /**
     * Reads a document.
     *
     * @param source where it came from
     * @param line its first line or row there
     */
    public void read(String source, long line, String text) {
        if (text.length() > TOGETHER) {
            judgeWaiting();
            Waiting document = new Waiting(source, line, text);
            detector.forEachWord(text, word -> offer(document, word));
            documents++;
            return;
        }
        waiting.add(new Waiting(source, line, text));
        waitingLength += text.length();
        if (waitingLength > TOGETHER) {
            judgeWaiting();
        }
    }

    /** Returns how many documents have been judged so far. */
    public long documents() {
        return documents;
    }

    /** Returns how many words have been judged so far. */
    public long words() {
        return words;
    }

    /** Returns the oddest places of all documents that were read, the oddest first. */
    public List<OddPlace> places() {
        judgeWaiting();
        rankAnew();
        return kept.stream()
                .sorted(LEAST_ODD_FIRST.reversed())
                .limit(most)
                .map(Ranked::place)
                .toList();
    }

    private void rankAnew() {
        List<Ranked> ranked = kept.stream().map(this::anew).toList();
        kept.clear();
        kept.addAll(ranked);
    }

    private Ranked anew(Ranked ranked) {
        DetectedWord word = ranked.place.word();
        return new Ranked(ranked.place, oddness(word), ranked.order);
    }

    private void judgeWaiting() {
        List<Detection> detections =
                detector.detect(waiting.stream().map(Waiting::text).toList());
        for (int i = 0; i < detections.size(); i++) {
            Waiting document = waiting.get(i);
            detections.get(i).words().forEach(word -> offer(document, word));
        }
        documents += waiting.size();
        waiting.clear();
        waitingLength = 0;
    }

    private void offer(Waiting document, DetectedWord word) {
        words++;
        if (words % WORDS_A_REPORT == 0) {
            progress.run();
        }
        suspicions.add(word);
        if (words == nextRanking) {
            rankAnew();
            nextRanking *= 2;
        }
        if (word.text().length() > LONGEST_WORD) {
            return;
        }
        double oddness = oddness(word);
        boolean isFull = kept.size() >= (long) KEPT_FOR_EACH * most;
        if (isFull && !(oddness > kept.element().oddness)) {
            return;
        }
        if (isFull) {
            kept.remove();
        }
        kept.add(new Ranked(place(document, word), oddness, words));
    }

    private double oddness(DetectedWord word) {
        return logOdds(word.replaced()) - WEIGHT_OF_THE_WORD * logOdds(suspicions.elsewhere(word));
    }

    private static double logOdds(double probability) {
        double inside = Math.min(1 - 1e-12, Math.max(1e-12, probability));
        return Math.log(inside / (1 - inside));
    }

    private OddPlace place(Waiting document, DetectedWord word) {
        String text = document.text;
        int lines = 0;
        int lineStart = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at < word.start(); at = text.indexOf('\n', at + 1)) {
            lines++;
            lineStart = at + 1;
        }
        int from = whole(text, Math.max(0, word.start() - reach));
        int to = whole(text, Math.min(text.length(), word.end() + reach));
        return new OddPlace(
                document.source,
                document.line,
                lines,
                word.start() - lineStart + 1,
                word,
                text.substring(from, Math.max(word.end(), to)),
                from);
    }

    /** Returns the nearest index before which no character is cut in half. */
    static int whole(String text, int at) {
        boolean isInside = at > 0
                && at < text.length()
                && Character.isLowSurrogate(text.charAt(at))
                && Character.isHighSurrogate(text.charAt(at - 1));
        return isInside ? at - 1 : at;
    }
}
