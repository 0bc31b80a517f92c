package dev.changeling.bench;

import dev.changeling.corpus.Document;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The sentences of a text, as Java's {@link BreakIterator} finds them. */
final class Sentences {
    private Sentences() {}

    /** Returns so many sentences, evenly spaced, in their order; all if there are no more. */
    static List<String> of(Text text, int most) {
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        List<String> all = new ArrayList<>();
        for (Document document : text.documents()) {
            String whole = document.text();
            breaks.setText(whole);
            int from = breaks.first();
            for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
                String sentence = whole.substring(from, to).strip().replaceAll("\\s+", " ");
                if (!sentence.isEmpty()) {
                    all.add(sentence);
                }
                from = to;
            }
        }
        int count = Math.min(most, all.size());
        return IntStream.range(0, count)
                .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
                .toList();
    }
}
