package dev.changeling.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import dev.changeling.TestExports;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Of the vocabulary, {@code unlikely} is three pieces, and a control character none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WordSequenceTest {
    private static final String NOTHING = "\u0001";
    private static final List<String> NAMES = List.of("B-x", "I-x", "O");

    private Tokenizer tokenizer;

    @BeforeAll
    void load(@TempDir Path folder) throws IOException {
        tokenizer = Tokenizers.load(TestExports.tokenizer(folder.resolve("tokenizer")));
    }

    @AfterAll
    void close() {
        tokenizer.close();
    }

    private List<WordSequence> cut(int longest, String... words) {
        return WordSequence.of(List.of(words), tokenizer, new SequenceBuilder(TestConfigs.SPECIAL, longest));
    }

    @Test
    void aWordStandsAtItsFirstPiece() {
        assertThat(cut(16, "the", "Unlikely", "cat", ".")).singleElement().satisfies(part -> {
            assertThat(part.sequence().tokens()).containsExactly(2, 5, 13, 14, 15, 7, 12, 3);
            assertThat(part.firstWord()).isZero();
            assertThat(part.tokens()).containsExactly(1, 2, 5, 6);
        });
    }

    @Test
    void aWordOfWhichNothingIsLeftStandsNowhere() {
        assertThat(cut(16, NOTHING, "cat", NOTHING)).singleElement().satisfies(part -> {
            assertThat(part.sequence().tokens()).containsExactly(2, 7, 3);
            assertThat(part.tokens()).containsExactly(-1, 1, -1);
        });
        assertThat(cut(16, NOTHING)).singleElement().satisfies(part -> {
            assertThat(part.sequence().tokens()).containsExactly(2, 3);
            assertThat(part.tokens()).containsExactly(-1);
        });
    }

    @Test
    void aSentenceThatIsTooLongIsCutBetweenWords() {
        // Room for five: the second word of three pieces would be cut.
        List<WordSequence> parts = cut(7, "unlikely", "cat", "unlikely", NOTHING, "the", "mat", ".");
        assertThat(parts.stream().map(part -> part.sequence().tokens()))
                .containsExactly(
                        new int[] {2, 13, 14, 15, 7, 3}, new int[] {2, 13, 14, 15, 5, 11, 3}, new int[] {2, 12, 3});
        assertThat(parts).extracting(WordSequence::firstWord).containsExactly(0, 2, 6);
        assertThat(parts.stream().map(WordSequence::tokens))
                .containsExactly(new int[] {1, 4}, new int[] {1, -1, 4, 5}, new int[] {1});
    }

    @Test
    void aWordThatIsLongerThanASequenceLosesItsEnd() {
        List<WordSequence> parts = cut(4, "cat", "unlikely", "mat");
        assertThat(parts.stream().map(part -> part.sequence().tokens()))
                .containsExactly(new int[] {2, 7, 3}, new int[] {2, 13, 14, 3}, new int[] {2, 11, 3});
    }

    @Test
    void noWordIsLostHoweverLongTheSentence() {
        String[] words = Collections.nCopies(50, List.of("the", "unlikely", NOTHING, "cat")).stream()
                .flatMap(List::stream)
                .toArray(String[]::new);
        int next = 0;
        for (WordSequence part : cut(9, words)) {
            assertThat(part.firstWord()).isEqualTo(next);
            assertThat(part.sequence().length()).isLessThanOrEqualTo(9);
            for (int word = 0; word < part.tokens().length; word++) {
                int[] ids = tokenizer.ids(words[next]);
                int token = part.tokens()[word];
                if (ids.length == 0) {
                    assertThat(token).isEqualTo(-1);
                } else {
                    assertThat(part.sequence().tokens()[token]).isEqualTo(ids[0]);
                }
                next++;
            }
        }
        assertThat(next).isEqualTo(words.length);
    }

    @Test
    void aWordsTagIsTheLikeliestOfItsFirstPieceWhateverTheOthersSay() {
        List<WordSequence> parts = cut(8, "unlikely", "cat", "mat", NOTHING, "the");
        float[] logits = new float[8 * 3];
        set(logits, 1, 1, 2);
        set(logits, 2, 0, 9);
        set(logits, 3, 0, 9);
        set(logits, 4, 0, 3);
        set(logits, 5, 2, 1);
        set(logits, 6, 1, 1000);
        List<WordTags.Tag> tags = WordTags.of(parts, List.of(logits), NAMES);
        assertThat(tags).extracting(WordTags.Tag::name).containsExactly("I-x", "B-x", "O", "O", "I-x");
        assertThat(tags.get(0).probability()).isEqualTo((float) (Math.exp(2) / (2 + Math.exp(2))));
        assertThat(tags.get(3).probability()).isZero();
        assertThat(tags.get(4).probability()).isOne();
    }

    @Test
    void whereNothingIsOutsideAWordOfNoTokenGetsTheFirstTag() {
        List<WordSequence> parts = cut(8, NOTHING);
        assertThat(WordTags.of(parts, List.of(new float[4]), List.of("NOUN", "VERB")))
                .containsExactly(new WordTags.Tag("NOUN", 0));
    }

    @Test
    void tagsOfPartsAreTagsOfTheSentence() {
        List<WordSequence> parts = cut(4, "cat", "unlikely", "mat");
        List<float[]> logits = IntStream.range(0, 3)
                .mapToObj(part -> {
                    float[] ofPart = new float[parts.get(part).sequence().length() * 3];
                    set(ofPart, 1, part, 5);
                    return ofPart;
                })
                .toList();
        assertThat(WordTags.of(parts, logits, NAMES))
                .extracting(WordTags.Tag::name)
                .containsExactly("B-x", "I-x", "O");
    }

    private static void set(float[] logits, int token, int tag, float value) {
        logits[token * 3 + tag] = value;
    }
}
