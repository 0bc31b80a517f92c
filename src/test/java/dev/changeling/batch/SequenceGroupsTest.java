package dev.changeling.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SequenceGroupsTest {
    @Test
    void neighboursInLengthShareAGroupThatIsFullWithItsPadding() {
        int[] lengths = {9, 2, 3, 40, 2, 10};
        assertThat(SequenceGroups.byLength(lengths, 20)).containsExactly(List.of(1, 4, 2), List.of(0, 5), List.of(3));
        assertThat(SequenceGroups.byLength(lengths, 19))
                .containsExactly(List.of(1, 4, 2), List.of(0), List.of(5), List.of(3));
    }

    @Test
    void aGroupHasNoMoreSequencesThanAllowed() {
        int[] lengths = {9, 2, 3, 40, 2, 10};
        assertThat(SequenceGroups.byLength(lengths, 100, 2))
                .containsExactly(List.of(1, 4), List.of(2, 0), List.of(5, 3));
    }

    @Test
    void evenGroupsHaveAboutAsManyTokensEach() {
        int[] lengths = {9, 2, 3, 40, 2, 10, 30};
        assertThat(SequenceGroups.even(lengths, 2)).containsExactly(List.of(3, 0), List.of(6, 5, 2, 1, 4));
        assertThat(SequenceGroups.even(lengths, 3)).containsExactly(List.of(3), List.of(6), List.of(5, 0, 2, 1, 4));
        assertThat(SequenceGroups.even(new int[] {5, 5}, 2)).containsExactly(List.of(0), List.of(1));
    }

    @Test
    void nothingMakesNoGroup() {
        assertThat(SequenceGroups.byLength(new int[0], 10)).isEmpty();
    }
}
