package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private final RoundRobin<String> queue = new RoundRobin<>();

    private List<String> rest() {
        List<String> rest = new ArrayList<>();
        while (!queue.isEmpty()) {
            rest.add(queue.remove());
            assertThat(queue.size()).isEqualTo(remaining().size());
        }
        return rest;
    }

    private List<String> remaining() {
        List<String> remaining = new ArrayList<>();
        queue.forEach(remaining::add);
        return remaining;
    }

    @Test
    void aLittleRequestWaitsForOneItemOfEachOther() {
        for (int request = 0; request < 15; request++) {
            queue.add(Collections.nCopies(64, "large"));
        }
        queue.add(List.of("little"));
        assertThat(queue.size()).isEqualTo(15 * 64 + 1);
        assertThat(rest().indexOf("little")).isEqualTo(15);
    }

    @Test
    void whoComesLaterTakesTurnsFromThenOn() {
        queue.add(List.of("a1", "a2", "a3"));
        assertThat(queue.remove()).isEqualTo("a1");
        queue.add(List.of("b1", "b2"));
        assertThat(rest()).containsExactly("a2", "b1", "a3", "b2");
    }

    @Test
    void whatIsTakenOutCountsNoMore() {
        queue.add(List.of("a1", "a2"));
        queue.add(List.of("b1"));
        queue.add(List.of("c1", "c2"));
        queue.removeIf(item -> item.startsWith("b") || item.equals("c1"));
        assertThat(queue.size()).isEqualTo(3);
        assertThat(rest()).containsExactly("a1", "c2", "a2");
    }

    @Test
    void nothingIsLeftOfRequestsWithoutItemsOrAfterClearing() {
        queue.add(List.of());
        assertThat(queue.isEmpty()).isTrue();
        queue.add(List.of("a"));
        queue.clear();
        assertThat(queue.isEmpty()).isTrue();
        assertThatThrownBy(queue::remove).isInstanceOf(NoSuchElementException.class);
    }
}
