package dev.changeling.inference;

import dev.changeling.task.Span;
import dev.changeling.task.TagScheme;
import dev.changeling.task.WordTags;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text whose words a tagger has tagged.
 *
 * @param text as it was given
 * @param words in their order
 */
public record TaggedText(String text, List<TaggedWord> words) {
    public TaggedText {
        words = List.copyOf(words);
    }

    /**
     * Returns the spans that the tags make, see {@link Span}.
     *
     * @return none if the tags are of a scheme without spans, such as parts of speech
     */
    public List<TaggedSpan> spans() {
        List<String> tags = words.stream().map(TaggedWord::tag).toList();
        if (TagScheme.of(tags) != TagScheme.SPANS) {
            return List.of();
        }
        return Span.of(tags).stream()
                .map(span -> {
                    int start = words.get(span.start()).start();
                    int end = words.get(span.end() - 1).end();
                    return new TaggedSpan(text.substring(start, end), start, end, span.type());
                })
                .toList();
    }

    /** A word before it is tagged. */
    record Word(String text, int start, int end) {
        /** Returns the words and punctuation marks of a text, by Unicode's rules (UAX #29). */
        static List<Word> of(String text) {
            List<Word> words = new ArrayList<>();
            BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
            breaks.setText(text);
            int from = breaks.first();
            for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
                String word = text.substring(from, to);
                if (!word.isBlank()) {
                    words.add(new Word(word, from, to));
                }
                from = to;
            }
            return words;
        }

        TaggedWord tagged(WordTags.Tag tag) {
            return new TaggedWord(text, start, end, tag.name(), tag.probability());
        }
    }
}
