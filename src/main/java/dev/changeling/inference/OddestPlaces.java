package dev.changeling.inference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The most suspected words of any number of documents, in memory for so many places and one document. The suspicion is
 * the discriminator's probability that the word was replaced; equal ones keep the order of the documents.
 *
 * <p>Not safe for use by several threads.
 */
public final class OddestPlaces {
    // Short documents are judged together, a long one by itself and window by window; in UTF-16 units.
    private static final int TOGETHER = 1 << 15;
    /** Of a passage: more than the tokens of a sequence, at this many UTF-16 units a token, is of no use. */
    private static final int UNITS_A_TOKEN = 8;

    /** What is longer, in UTF-16 units, is data and no word. */
    private static final int LONGEST_WORD = 1000;

    private record Waiting(String source, long line, String text) {}

    /** @param order the number of the word in the corpus */
    private record Ranked(OddPlace place, long order) {}

    private static final Comparator<Ranked> LEAST_SUSPECTED_FIRST = Comparator.comparingDouble(
                    (Ranked ranked) -> ranked.place.word().replaced())
            .thenComparing(Ranked::order, Comparator.reverseOrder());

    private final Detector detector;
    private final int most;
    private final int reach;
    private final PriorityQueue<Ranked> places = new PriorityQueue<>(LEAST_SUSPECTED_FIRST);
    private final List<Waiting> waiting = new ArrayList<>();
    private int waitingLength;
    private long documents;
    private long words;

    /** @param most how many places are kept, from 1 */
    public OddestPlaces(Detector detector, int most) {
        this.detector = detector;
        this.most = most;
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

    /** Returns the most suspected places of all documents that were read, the most suspected first. */
    public List<OddPlace> places() {
        judgeWaiting();
        return places.stream()
                .sorted(LEAST_SUSPECTED_FIRST.reversed())
                .map(Ranked::place)
                .toList();
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
        boolean hasRoom = places.size() < most;
        if (word.text().length() > LONGEST_WORD) {
            return;
        }
        if (!hasRoom && !(word.replaced() > places.element().place.word().replaced())) {
            return;
        }
        if (!hasRoom) {
            places.remove();
        }
        places.add(new Ranked(place(document, word), words));
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
