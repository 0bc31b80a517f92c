package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WindowTest {
    @Test
    void aShortTextIsOneWindow() {
        assertThat(Window.over(8, 8)).containsExactly(new Window(0, 8, 0, 8));
        assertThat(Window.over(0, 8)).isEmpty();
    }

    @Test
    void aLongTextIsCutIntoWindowsThatOverlap() {
        assertThat(Window.over(14, 8))
                .containsExactly(new Window(0, 8, 0, 6), new Window(4, 12, 6, 10), new Window(6, 14, 10, 14));
    }

    @Test
    void everyTokenIsDecidedOnceWithContextOnBothSides() {
        for (int width = 1; width <= 20; width++) {
            for (int tokens = 1; tokens <= 100; tokens++) {
                String which = tokens + " tokens, width " + width;
                List<Window> windows = Window.over(tokens, width);
                int next = 0;
                for (Window window : windows) {
                    assertThat(window.believedFrom()).as(which).isEqualTo(next);
                    assertThat(window.believedTo()).as(which).isGreaterThan(next);
                    assertThat(window.to() - window.from()).as(which).isEqualTo(Math.min(width, tokens));
                    int before = window.believedFrom() - window.from();
                    int after = window.to() - window.believedTo();
                    assertThat(before).as(which).isGreaterThanOrEqualTo(Math.min(width / 4, window.believedFrom()));
                    assertThat(after)
                            .as(which)
                            .isGreaterThanOrEqualTo(Math.min(width / 4, tokens - window.believedTo()));
                    next = window.believedTo();
                }
                assertThat(next).as(which).isEqualTo(tokens);
            }
        }
    }
}
