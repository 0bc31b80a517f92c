package dev.changeling.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SubwordMarksTest {
    private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

    /** A vocabulary and its marks. */
    private record Marked(Vocabulary vocabulary, SubwordMarks marks) {
        static Marked of(String... tokens) {
            Vocabulary vocabulary = new Vocabulary(
                    Stream.concat(SPECIAL.stream(), Stream.of(tokens)).toList(), TestConfigs.SPECIAL);
            return new Marked(vocabulary, SubwordMarks.of(vocabulary));
        }

        int[] ids(String... tokens) {
            return Stream.of(tokens).mapToInt(vocabulary::id).toArray();
        }

        /** Returns tokens that stand beside each other, a bar between two words. */
        String words(String... tokens) {
            int[] ids = ids(tokens);
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < ids.length; i++) {
                parts.add(i == 0 || marks.continues(ids[i - 1], ids[i]) ? tokens[i] : "|" + tokens[i]);
            }
            return String.join("", parts);
        }

        String text(String... tokens) {
            return marks.text(ids(tokens));
        }

        boolean begins(String token) {
            return marks.begins(vocabulary.id(token));
        }
    }

    @Test
    void wordPieceMarksWhatGoesOn() {
        Marked marked = Marked.of("un", "##like", "##-", ".", "##ly");
        assertThat(marked.words("un", "##like", "##ly", ".", "un")).isEqualTo("un##like##ly|.|un");
        assertThat(marked.words("[UNK]", "##-", "##ly"))
                .as("the mark alone decides")
                .isEqualTo("[UNK]##-##ly");
        assertThat(marked.begins("un")).isTrue();
        assertThat(marked.begins("##like")).isFalse();
        assertThat(marked.text("un", "##like")).isEqualTo("unlike");
        assertThat(marked.text("##like")).isEqualTo("like");
    }

    @Test
    void sentencePieceMarksWhatBegins() {
        Marked marked = Marked.of("\u2581un", "like", "ly", ".", "\u2581", "\u2581(", "-", "7", "\u4E2D", "\u2581the");
        assertThat(marked.words("\u2581un", "like", "ly", ".", "\u2581un")).isEqualTo("\u2581unlikely|.|\u2581un");
        assertThat(marked.words("\u2581un", "-", "like")).isEqualTo("\u2581un|-|like");
        assertThat(marked.words("\u2581(", "like", "7", "7")).isEqualTo("\u2581(|like77");
        assertThat(marked.words("\u2581the", "\u4E2D", "\u4E2D")).isEqualTo("\u2581the|\u4E2D|\u4E2D");
        assertThat(marked.words("\u2581the", "\u2581", "like"))
                .as("a mark by itself")
                .isEqualTo("\u2581the|\u2581like");
        assertThat(marked.words("\u2581the", "[UNK]", "like", "[SEP]")).isEqualTo("\u2581the|[UNK]|like|[SEP]");
        assertThat(marked.begins("\u2581un")).isTrue();
        assertThat(marked.begins("like")).isFalse();
        assertThat(marked.text("\u2581un", "like")).isEqualTo("unlike");
    }

    @Test
    void byteLevelTokensAreReadAsTheirBytes() {
        // An e with an accent is C3 A9, a dash E2 80 94, a line feed 0A.
        Marked marked = Marked.of(
                "\u0120caf", "\u00C3", "\u00A9", "s", "\u0120caf\u00C3\u00A9", "\u00E2\u0122\u0136", "\u010A", "The");
        assertThat(marked.words("\u0120caf", "\u00C3", "\u00A9", "s")).isEqualTo("\u0120caf\u00C3\u00A9s");
        assertThat(marked.words("\u0120caf\u00C3\u00A9", "\u00E2\u0122\u0136", "s"))
                .isEqualTo("\u0120caf\u00C3\u00A9|\u00E2\u0122\u0136|s");
        assertThat(marked.words("\u0120caf", "\u010A", "The", "s")).isEqualTo("\u0120caf|\u010A|Thes");
        assertThat(marked.text("\u0120caf", "\u00C3", "\u00A9")).isEqualTo("caf\u00E9");
        assertThat(marked.text("\u00C3")).isEqualTo("\uFFFD");
    }

    @Test
    void aFewTokensThatLookMarkedDecideNothing() {
        // As in GPT-2's vocabulary.
        Marked marked = Marked.of("####", "\u0120the", "\u0120a", "s");
        assertThat(marked.words("\u0120the", "s", "####")).isEqualTo("\u0120thes|####");
        assertThat(marked.text("####")).isEqualTo("####");
    }

    @Test
    void withoutMarksEveryTokenIsAWord() {
        Marked marked = Marked.of("the", "cat", "\u2581", "##");
        assertThat(marked.marks().tellWords()).isFalse();
        assertThat(marked.words("the", "cat", "cat")).isEqualTo("the|cat|cat");
        assertThat(marked.begins("cat")).isTrue();
        assertThat(Marked.of("the", "##s").marks().tellWords()).isTrue();
        assertThat(Marked.of("the", "\u2581s").marks().tellWords()).isTrue();
        assertThat(Marked.of("the", "\u0120s").marks().tellWords()).isTrue();
    }

    @Test
    void aWordIsReplacedByOneThatBeginsLikeIt() {
        Marked wordPiece = Marked.of("un", "##like");
        assertThat(wordPiece.marks().beginsLike(5, 6)).isTrue();
        assertThat(wordPiece.marks().beginsLike(6, 6)).isFalse();
        Marked others = Marked.of("\u0120un", "like", "un");
        assertThat(others.marks().beginsLike(5, 6)).isFalse();
        assertThat(others.marks().beginsLike(7, 6)).isTrue();
        assertThat(others.marks().beginsLike(5, 5)).isTrue();
    }
}
