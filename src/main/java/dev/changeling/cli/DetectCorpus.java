package dev.changeling.cli;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.inference.Detector;
import dev.changeling.inference.Expectation;
import dev.changeling.inference.OddPlace;
import dev.changeling.inference.OddestPlaces;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows the most suspected words of a corpus.
 *
 * @param expecting what would be expected; null if no generator is asked
 */
record DetectCorpus(Detector detector, @Nullable Expecting expecting, boolean json, PrintWriter out, PrintWriter err) {

    void run(CorpusArguments corpus, int top) throws IOException {
        StatusLine status = StatusLine.on(err);
        Reading reading = new Reading(detector, top, status);
        OddestPlaces places = reading.places;
        List<OddPlace> found;
        long invalid;
        try (DocumentReader documents = corpus.open()) {
            for (Document document = documents.next(); document != null; document = documents.next()) {
                reading.source = document.source();
                places.read(document.source(), document.line(), document.text());
            }
            found = places.places();
            invalid = documents.invalidUtf8();
        } finally {
            status.clear();
        }
        status.print(reading.line(status));
        StandardLines.tellInvalid(invalid, err);
        for (int i = 0; i < found.size(); i++) {
            OddPlace place = found.get(i);
            if (json) {
                out.println(JsonMapper.shared().writeValueAsString(json(place)));
            } else {
                print(i + 1, place, corpus.keepsLines(place.source()));
            }
        }
        out.flush();
    }

    /** How far the reading has come. */
    private static final class Reading {
        private final OddestPlaces places;
        private String source = "";

        Reading(Detector detector, int top, StatusLine status) {
            places = new OddestPlaces(detector, top, () -> status.show(() -> line(status) + ", in " + source));
        }

        String line(StatusLine status) {
            double seconds = Math.max(1e-3, status.elapsed().toMillis() / 1e3);
            return String.format(
                    Locale.ROOT,
                    "%,d words of %,d documents, %,.0f words/s, %s",
                    places.words(),
                    places.documents(),
                    places.words() / seconds,
                    Clock.of(status.elapsed()));
        }
    }

    private void print(int number, OddPlace place, boolean keepsLines) {
        OddPlaceView view = new OddPlaceView(place, keepsLines, Terminal.hasColour());
        out.println(String.format(Locale.ROOT, "%3d  %s", number, view.where()));
        out.println("     " + view.context());
        Expectation expectation = expectation(place);
        if (expectation != null) {
            out.println("     " + Expecting.text(place.word(), expectation));
        }
    }

    private Map<String, Object> json(OddPlace place) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("source", place.source());
        json.put("line", place.line());
        json.put("start", place.word().start());
        json.put("end", place.word().end());
        json.put("text", place.word().text());
        json.put("replaced", place.word().replaced());
        json.put("before", place.before(OddPlaceView.CONTEXT));
        json.put("after", place.after(OddPlaceView.CONTEXT));
        Expectation expectation = expectation(place);
        if (expectation != null) {
            Expecting.put(expectation, json);
        }
        return json;
    }

    private @Nullable Expectation expectation(OddPlace place) {
        return expecting == null
                ? null
                : expecting.of(place.passage(), List.of(place.wordInPassage())).get(0);
    }
}
