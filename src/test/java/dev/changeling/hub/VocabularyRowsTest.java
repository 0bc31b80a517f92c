package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestConfigs;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VocabularyRowsTest {
    private static final int NONE = -1;

    private static Vocabulary vocabulary(String... tokens) {
        List<String> special = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
        return new Vocabulary(Stream.concat(special.stream(), Stream.of(tokens)).toList(), TestConfigs.SPECIAL);
    }

    /** Returns which number each token of a vocabulary starts from where those of an old one are 0, 1, 2, … */
    private static float[] started(Vocabulary fresh) {
        Vocabulary old = vocabulary("cat", "cafe", "un", "##like", "[", "]");
        float[] before = new float[old.size()];
        float[] after = new float[fresh.size()];
        Arrays.fill(after, NONE);
        for (int token = 0; token < before.length; token++) {
            before[token] = token;
        }
        VocabularyRows.of(new WordPieceTokenizer(old, BertNormalization.UNCASED), fresh)
                .fill(before, after, 1);
        return after;
    }

    @Test
    void byteLevelTokensStartFromWhatTheyReadAs() {
        // The last is the first of the two bytes of a letter with an accent.
        Vocabulary fresh = vocabulary("\u0120cat", "\u0120caf\u00C3\u00A9", "\u0120unlike", "\u0120zebra", "\u00C3");
        assertThat(started(fresh)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7.5f, NONE, NONE);
    }

    @Test
    void sentencePieceTokensStartFromWhatTheyReadAs() {
        assertThat(started(vocabulary("\u2581unlike", "cat", "\u2581"))).containsExactly(0, 1, 2, 3, 4, 7.5f, 5, NONE);
    }
}
