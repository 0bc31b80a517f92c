package dev.changeling.inference;

import dev.changeling.task.Span;
import dev.changeling.task.TagScheme;
import dev.changeling.task.WordTags;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A text whose words a tagger has tagged.
 *
 * @param text as it was given
 * @param words in their order
 * @param scheme of the tagger's tags
 */
public record TaggedText(String text, List<TaggedWord> words, TagScheme scheme) {
    public TaggedText {
        words = List.copyOf(words);
    }

    /**
     * Returns the spans that the tags make, see {@link Span}.
     *
     * @return none if the tags are of a scheme without spans, such as parts of speech
     */
    public List<TaggedSpan> spans() {
        if (scheme != TagScheme.SPANS) {
            return List.of();
        }
        return Span.of(words.stream().map(TaggedWord::tag).toList()).stream()
                .map(span -> {
                    int start = words.get(span.start()).start();
                    int end = words.get(span.end() - 1).end();
                    return new TaggedSpan(text.substring(start, end), start, end, span.type());
                })
                .toList();
    }

    /** A word before it is tagged. */
    record Word(String text, int start, int end) {
        /**
         * In this order: an ideograph, a number, a word, any other character with all that belongs to it. Without
         * backtracking, which would take a stack as deep as the text is long.
         */
        private static final Pattern PATTERN = Pattern.compile("\\p{IsIdeographic}"
                + "|\\p{N}++(?:[.,:/]\\p{N}++)*+(?![\\p{L}\\p{M}])"
                + "|[\\p{L}\\p{M}\\p{N}&&\\P{IsIdeographic}]++(?:['\u2019-][\\p{L}\\p{M}\\p{N}&&\\P{IsIdeographic}]++)*+"
                + "|\\X");

        private static final Pattern INVISIBLE = Pattern.compile("[\\p{Z}\\p{C}]+");

        static List<Word> of(String text) {
            return PATTERN.matcher(text)
                    .results()
                    .filter(found -> !INVISIBLE.matcher(found.group()).matches())
                    .map(found -> new Word(found.group(), found.start(), found.end()))
                    .toList();
        }

        TaggedWord tagged(WordTags.Tag tag) {
            return new TaggedWord(text, start, end, tag.name(), tag.probability());
        }
    }
}
