package dev.changeling.cli;

import dev.changeling.inference.OddPlace;
import java.util.Locale;

/**
 * A suspected word of a corpus as text for a person.
 *
 * @param keepsLines whether the document's lines are those of its source
 * @param colour whether the reader's terminal shows colours
 */
record OddPlaceView(OddPlace place, boolean keepsLines, boolean colour) {
    /** So many characters are shown on either side of the word. */
    static final int CONTEXT = 40;

    private static final String BOLD_RED = "\u001b[1;31m";
    private static final String RESET = "\u001b[0m";

    /** Returns the probability and the place: {@code 0.97 mails/a.txt:120:14}, or a row and an offset in it. */
    String where() {
        String at = keepsLines
                ? String.format(Locale.ROOT, ":%d:%d", place.line() + place.lineInDocument(), place.column())
                : String.format(
                        Locale.ROOT,
                        ", row %d, offset %d",
                        place.line(),
                        place.word().start());
        return String.format(Locale.ROOT, "%.3f  %s%s", place.word().replaced(), Visible.line(place.source()), at);
    }

    /** Returns the word amid what is around it, on one line. */
    String context() {
        String word = Visible.word(place.word().text());
        return Visible.line(place.before(CONTEXT)).stripLeading()
                + (colour ? BOLD_RED + word + RESET : "[" + word + "]")
                + Visible.line(place.after(CONTEXT)).stripTrailing();
    }
}
