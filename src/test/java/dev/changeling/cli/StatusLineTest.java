package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final StringWriter err = new StringWriter();

    @Test
    void rewritesOneLineOnATerminalAndTakesItAway() {
        StatusLine status = new StatusLine(new PrintWriter(err), true, Duration.ZERO);

        status.show(() -> "step 1");
        status.show(() -> "step 2");
        status.print("saved");
        status.clear();

        assertThat(err.toString())
                .isEqualTo("\r\u001b[Kstep 1\r\u001b[Kstep 2\r\u001b[Ksaved" + System.lineSeparator());
    }

    @Test
    void writesPlainLinesElsewhere() {
        StatusLine status = new StatusLine(new PrintWriter(err), false, Duration.ZERO);

        status.show(() -> "step 1");
        status.print("saved");
        status.clear();

        assertThat(err.toString().lines()).containsExactly("step 1", "saved");
    }

    @Test
    void makesNoTextThatItDoesNotShow() {
        StatusLine status = new StatusLine(new PrintWriter(err), true, Duration.ofHours(1));

        status.show(() -> {
            throw new AssertionError("too early");
        });

        assertThat(err.toString()).isEmpty();
    }
}
