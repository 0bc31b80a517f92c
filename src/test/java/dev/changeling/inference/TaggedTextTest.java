package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.task.TagScheme;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaggedTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "he said.Next, well-known      | he said . Next , well-known",
                "can't can’t 'tis O'Neill's    | can't can’t ' tis O'Neill's",
                "$5.50 1,000 50% 9:30 B2B 2nd   | $ 5.50 1,000 50 % 9:30 B2B 2nd",
                "a\"b (x)...                   | a \" b ( x ) . . .",
                "東京は tall                      | 東 京 は tall",
                "नमस्ते é                        | नमस्ते é"
            })
    void wordsAreRunsOfLettersMarksAndDigits(String text, String words) {
        assertThat(TaggedText.Word.of(text))
                .extracting(TaggedText.Word::text)
                .containsExactlyElementsOf(Arrays.asList(words.split(" ")));
        TaggedText.Word.of(text)
                .forEach(word ->
                        assertThat(text.substring(word.start(), word.end())).isEqualTo(word.text()));
    }

    @Test
    void whatIsSeenAsOneIsOneAndWhatIsNotSeenIsNone() {
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
        String flag = "\uD83C\uDDE9\uD83C\uDDEA";
        assertThat(TaggedText.Word.of(family + flag + " \u200B \u00A0x\t"))
                .extracting(TaggedText.Word::text)
                .containsExactly(family, flag, "x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.", "a-", "a'", "\u0301", "\u200D"})
    void aTextMayGoOnAndOn(String piece) {
        String text = piece.repeat(200_000) + "1";
        List<TaggedText.Word> words = TaggedText.Word.of(text);
        assertThat(words).isNotEmpty();
        assertThat(words.get(words.size() - 1).end()).isEqualTo(text.length());
    }

    @Test
    void tagsMakeSpansWhereTheirSchemeHasThem() {
        List<TaggedWord> words = List.of(
                new TaggedWord("New", 2, 5, "B-LOC", .9),
                new TaggedWord("York", 6, 10, "I-LOC", .8),
                new TaggedWord("ends", 11, 15, "O", 1));
        assertThat(new TaggedText("* New York ends", words, TagScheme.SPANS).spans())
                .containsExactly(new TaggedSpan("New York", 2, 10, "LOC"));
        assertThat(new TaggedText("* New York ends", words, TagScheme.PLAIN).spans())
                .isEmpty();
    }
}
