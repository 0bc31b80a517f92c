package dev.changeling.cli;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.WordSwaps;
import dev.changeling.evaluation.WordSwaps.Swapped;
import dev.changeling.inference.Detector;
import dev.changeling.inference.OddPlace;
import dev.changeling.inference.OddestPlaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells what the ranking of places is worth: swaps words of a corpus, and looks how many of the first places hold one.
 */
record DetectSwaps(Detector detector, boolean json, PrintWriter out, PrintWriter err) {
    private static final List<Integer> FIRST = List.of(20, 50, 100, 200);

    private record Key(String source, long line) {}

    /** @param oneIn of so many words about one is swapped */
    void run(CorpusArguments corpus, int oneIn, long seed) throws IOException {
        StatusLine status = StatusLine.on(err);
        WordSwaps swaps = new WordSwaps(oneIn, seed);
        Map<Key, List<Swapped.Place>> swapped = new HashMap<>();
        OddestPlaces places = new OddestPlaces(
                detector,
                FIRST.get(FIRST.size() - 1),
                () -> status.show(() -> String.format(Locale.ROOT, "%,d words", swaps.words())));
        List<OddPlace> found;
        long invalid;
        try (DocumentReader documents = corpus.open()) {
            for (Document document = documents.next(); document != null; document = documents.next()) {
                Swapped text = swaps.swap(document.text());
                if (!text.swapped().isEmpty()) {
                    swapped.put(new Key(document.source(), document.line()), text.swapped());
                }
                places.read(document.source(), document.line(), text.text());
            }
            found = places.places();
            invalid = documents.invalidUtf8();
        } finally {
            status.clear();
        }
        StandardLines.tellInvalid(invalid, err);
        if (swaps.swaps() == 0) {
            throw new InputException(
                    "no word was swapped: the corpus has " + swaps.words() + " words of letters; expected more");
        }
        tell(swaps, FIRST.stream().map(first -> count(found, first, swapped)).toList(), places.words());
        out.flush();
    }

    private static int count(List<OddPlace> found, int first, Map<Key, List<Swapped.Place>> swapped) {
        return Math.toIntExact(found.stream()
                .limit(first)
                .filter(place -> swapped.getOrDefault(new Key(place.source(), place.line()), List.of()).stream()
                        .anyMatch(one ->
                                one.meets(place.word().start(), place.word().end())))
                .count());
    }

    private void tell(WordSwaps swaps, List<Integer> counts, long judged) {
        double share = (double) swaps.swaps() / judged;
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("words", swaps.words());
            result.put("swapped", swaps.swaps());
            result.put("places", judged);
            for (int i = 0; i < counts.size(); i++) {
                result.put("among_first_" + FIRST.get(i), counts.get(i));
            }
            out.println(JsonMapper.shared().writeValueAsString(result));
            return;
        }
        out.println(String.format(
                Locale.ROOT,
                "%,d words of letters, %,d of them swapped for others of the text; %,d places judged",
                swaps.words(),
                swaps.swaps(),
                judged));
        out.println("of the oddest places   hold a swapped word   by chance");
        for (int i = 0; i < counts.size(); i++) {
            out.println(String.format(
                    Locale.ROOT, "%22d   %19d   %9.1f", FIRST.get(i), counts.get(i), share * FIRST.get(i)));
        }
    }
}
