package dev.changeling.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import dev.changeling.TestExports;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswerWindowTest {
    private Tokenizer tokenizer;

    @BeforeAll
    void load(@TempDir Path folder) throws IOException {
        tokenizer = Tokenizers.load(TestExports.tokenizer(folder.resolve("tokenizer")));
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private List<AnswerWindow> windows(int longest, String question, String context) {
        return AnswerWindow.of(question, context, tokenizer, new SequenceBuilder(TestConfigs.SPECIAL, longest));
    }

    private static Answer answer(String context, String text) {
        return new Answer(text, context.indexOf(text));
    }

    /** Returns the tokens of the sequence that a span covers. */
    private static int[] covered(AnswerWindow window, AnswerWindow.Span span) {
        return Arrays.copyOfRange(window.sequence().tokens(), span.first(), span.last() + 1);
    }

    @Test
    void aShortTextIsOneWindowBehindItsQuestion() {
        String context = "The cat sat.";
        assertThat(windows(16, "the old", context)).singleElement().satisfies(window -> {
            assertThat(window.sequence().tokens()).containsExactly(2, 5, 6, 3, 5, 7, 8, 12, 3);
            assertThat(window.sequence().firstSegmentLength()).isEqualTo(4);
            assertThat(window.firstToken()).isEqualTo(4);
            assertThat(window.starts()).containsExactly(0, 4, 8, 11);
            assertThat(window.ends()).containsExactly(3, 7, 11, 12);
            assertThat(window.span(answer(context, "cat sat"))).isEqualTo(new AnswerWindow.Span(5, 6));
        });
    }

    @Test
    void theWindowsOfALongTextCoverItAndOverlapByHalf() {
        String context = "the old cat sat on a mat . ".repeat(5);
        int[] ids = tokenizer.ids(context);
        List<AnswerWindow> windows = windows(16, "cat", context);
        BitSet seen = new BitSet();
        int from = 0;
        for (AnswerWindow window : windows) {
            assertThat(window.sequence().length()).isLessThanOrEqualTo(16);
            int[] stretch = Arrays.copyOfRange(
                    window.sequence().tokens(),
                    window.firstToken(),
                    window.sequence().length() - 1);
            assertThat(stretch).isEqualTo(Arrays.copyOfRange(ids, from, from + stretch.length));
            assertThat(window.starts()).hasSameSizeAs(stretch);
            seen.set(from, from + stretch.length);
            from += 6; // half of the room for 12
        }
        assertThat(seen.cardinality()).isEqualTo(ids.length);
        // The last window is no part of the one before: that ended before the text did.
        assertThat(from).isLessThan(ids.length);
    }

    @Test
    void aLongQuestionLeavesTheTextItsHalf() {
        List<AnswerWindow> windows = windows(15, "the ".repeat(40), "cat ".repeat(9));
        assertThat(windows.get(0).sequence().tokens()).containsExactly(2, 5, 5, 5, 5, 5, 5, 3, 7, 7, 7, 7, 7, 7, 3);
        assertThat(windows(200, "the ".repeat(100), "cat").get(0).firstToken())
                .as("google's longest question")
                .isEqualTo(64 + 2);
    }

    @Test
    void theShortestNetworkSeesAllOfTheTextToo() {
        assertThat(windows(5, "the old", "cat sat on").stream()
                        .map(window -> window.sequence().tokens()))
                .containsExactly(new int[] {2, 5, 3, 7, 3}, new int[] {2, 5, 3, 8, 3}, new int[] {2, 5, 3, 9, 3});
    }

    @Test
    void aTextWithoutTokensIsOneWindowWithoutAnswer() {
        assertThat(windows(16, "cat", "\u0001")).singleElement().satisfies(window -> {
            assertThat(window.sequence().tokens()).containsExactly(2, 7, 3, 3);
            assertThat(window.span(new Answer("\u0001", 0))).isEqualTo(AnswerWindow.Span.NONE);
            FoundAnswer found =
                    FoundAnswer.in("\u0001", List.of(window), List.of(new float[] {1, 2, 0, 0, 0, 0, 0, 0}));
            assertThat(found.text()).isEmpty();
            assertThat(found.noneScore()).isEqualTo(3);
        });
    }

    @Test
    void anAnswerThatIsAPartOfWordsTakesThePiecesThatItTouches() {
        String context = "on unlikely mat";
        AnswerWindow window = windows(16, "cat", context).get(0);
        assertThat(covered(window, window.span(answer(context, "like")))).containsExactly(14);
        assertThat(covered(window, window.span(answer(context, "ikely m")))).containsExactly(14, 15, 11);
    }

    @Test
    void blanksAndWhatTheTokenizerDropsAtTheEndsOfAnAnswerAreNoPartOfIt() {
        String context = "the  cat \u0001 sat on";
        AnswerWindow window = windows(16, "mat", context).get(0);
        assertThat(covered(window, window.span(answer(context, " cat ")))).containsExactly(7);
        assertThat(covered(window, window.span(answer(context, "cat \u0001")))).containsExactly(7);
        assertThat(window.span(answer(context, " \u0001 "))).isEqualTo(AnswerWindow.Span.NONE);
    }

    @Test
    void anAnswerThatAWindowCutsIsNoneThereAndWholeInTheNext() {
        String context = "the old cat sat on a mat .";
        Answer answer = answer(context, "sat on");
        List<AnswerWindow> windows = windows(8, "cat", context); // room for 4, stride 2
        assertThat(windows).hasSize(3);
        assertThat(windows.get(0).span(answer)).isEqualTo(AnswerWindow.Span.NONE);
        assertThat(covered(windows.get(1), windows.get(1).span(answer))).containsExactly(8, 9);
        assertThat(windows.get(2).span(answer)).isEqualTo(AnswerWindow.Span.NONE);
        assertThat(windows.get(0).span(answer(context, "a mat"))).isEqualTo(AnswerWindow.Span.NONE);
        assertThat(windows.get(2).span(answer(context, "the"))).isEqualTo(AnswerWindow.Span.NONE);
    }

    @Test
    void supplementaryCharactersCountTwoUnits() {
        String context = "𝒳𝒳 cat 😀 sat";
        AnswerWindow window = windows(16, "the", context).get(0);
        AnswerWindow.Span span = window.span(answer(context, "😀 sat"));
        assertThat(context.substring(
                        window.starts()[span.first() - window.firstToken()],
                        window.ends()[span.last() - window.firstToken()]))
                .isEqualTo("😀 sat");
        assertThat(covered(window, window.span(answer(context, "cat")))).containsExactly(7);
    }

    private static float[] logits(AnswerWindow window, double none) {
        float[] logits = new float[2 * window.sequence().length()];
        logits[0] = (float) none;
        return logits;
    }

    private static void set(float[] logits, AnswerWindow window, int first, double begin, int last, double end) {
        logits[2 * (window.firstToken() + first)] = (float) begin;
        logits[2 * (window.firstToken() + last) + 1] = (float) end;
    }

    @Test
    void theLikeliestAnswerOfAllWindowsIsFoundAndStandsInTheText() {
        String context = "The  OLD cat sat on a mat .";
        List<AnswerWindow> windows = windows(8, "cat", context);
        float[] first = logits(windows.get(0), 2);
        set(first, windows.get(0), 0, 3, 1, 1);
        float[] second = logits(windows.get(1), 1.5);
        set(second, windows.get(1), 0, 3, 2, 2); // cat sat on
        float[] third = logits(windows.get(2), 4);
        set(third, windows.get(2), 3, 9.5, 0, 9); // ends before it begins
        FoundAnswer found =
                FoundAnswer.in(context, windows, List.of(first, second, third)).orNone(0);
        assertThat(found.text()).isEqualTo(".");
        assertThat(found.score()).isEqualTo(9.5);
        set(third, windows.get(2), 3, 0, 0, 0);
        found = FoundAnswer.in(context, windows, List.of(first, second, third)).orNone(0);
        int start = context.indexOf("cat");
        assertThat(found).isEqualTo(new FoundAnswer("cat sat on", start, start + 10, 5, 1.5));
    }

    @Test
    void noAnswerIsGivenWhereItIsLikelierByMoreThanAThreshold() {
        String context = "the old cat";
        AnswerWindow window = windows(16, "mat", context).get(0);
        float[] logits = logits(window, 6);
        set(logits, window, 1, 3, 1, 2);
        FoundAnswer found = FoundAnswer.in(context, List.of(window), List.of(logits));
        assertThat(found).isEqualTo(new FoundAnswer("old", 4, 7, 5, 6));
        assertThat(found.noneMargin()).isEqualTo(1);
        assertThat(found.orNone(0)).isEqualTo(new FoundAnswer("", 0, 0, 5, 6));
        assertThat(found.orNone(1)).isEqualTo(found);
    }

    @Test
    void anAnswerIsThirtyTokensLongAtMost() {
        String context = String.join(" ", Collections.nCopies(40, "cat"));
        AnswerWindow window = windows(64, "mat", context).get(0);
        float[] logits = logits(window, 0);
        set(logits, window, 2, 9, 31, 5);
        set(logits, window, 2, 9, 32, 50);
        // 50 + 9 would be 31 tokens; without its beginning it is allowed.
        assertThat(FoundAnswer.in(context, List.of(window), List.of(logits)).score())
                .isEqualTo(50);
        set(logits, window, 2, 9, 32, 4);
        FoundAnswer found = FoundAnswer.in(context, List.of(window), List.of(logits));
        assertThat(found.score()).isEqualTo(14);
        assertThat(found.text().split(" ")).hasSize(30);
    }
}
