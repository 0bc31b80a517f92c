package dev.changeling.task;

import java.util.ArrayList;
import java.util.List;

/**
 * A run of words that is something: a noun phrase, a person.
 *
 * <p>Spans are read off tags as conlleval does, and seqeval by default: every sequence of tags has an answer, also one
 * that a network made and that no scheme allows. {@code B-x} and {@code S-x} begin a span; {@code I-x} and {@code E-x}
 * go on with one of type x if there is one that has not ended, and otherwise begin one; {@code E-x} and {@code S-x} end
 * it. So BIO, IOB1 and IOBES are read alike.
 *
 * @param type what it is
 * @param start its first word, from 0
 * @param end the word after its last one
 */
public record Span(String type, int start, int end) {

    /**
     * Returns the spans of a sentence, in their order.
     *
     * @param tags {@code O}, or {@code B}, {@code I}, {@code E} or {@code S}, a hyphen and a type
     * @throws IllegalArgumentException if a tag is none of these
     */
    public static List<Span> of(List<String> tags) {
        List<Span> spans = new ArrayList<>();
        String open = "";
        int start = 0;
        for (int i = 0; i <= tags.size(); i++) {
            String tag = i < tags.size() ? tags.get(i) : "O";
            char mark = mark(tag);
            String type = mark == 'O' ? "" : tag.substring(2);
            boolean goesOn = (mark == 'I' || mark == 'E') && type.equals(open);
            if (!goesOn) {
                if (!open.isEmpty()) {
                    spans.add(new Span(open, start, i));
                }
                open = type;
                start = i;
            }
            if (mark == 'E' || mark == 'S') {
                spans.add(new Span(open, start, i + 1));
                open = "";
            }
        }
        return spans;
    }

    private static char mark(String tag) {
        boolean inside = tag.length() > 2 && tag.charAt(1) == '-' && "BIES".indexOf(tag.charAt(0)) >= 0;
        if (!inside && !tag.equals("O")) {
            throw new IllegalArgumentException("tag \"" + tag + "\"; expected O, or B-, I-, E- or S- and a type");
        }
        return tag.charAt(0);
    }
}
