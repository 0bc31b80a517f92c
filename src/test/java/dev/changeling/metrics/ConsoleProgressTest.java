package dev.changeling.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    @Test
    void aLogGetsAPlainLineEveryTenSecondsAndTheLastStep() {
        ConsoleProgress progress = progress(false, 80, 4);
        progress.write(metrics(1));
        now = 9_999_999_999L;
        progress.write(metrics(2));
        now = 10_000_000_000L;
        progress.write(metrics(3));
        progress.write(metrics(4));
        progress.close();

        assertThat(written().lines())
                .containsExactly(
                        "step 1/4 | MLM loss 5.125 | RTD loss 0.3613 | 3 min 20 s left | 12,346 tokens/s | AUC 0.630",
                        "step 3/4 | MLM loss 5.125 | RTD loss 0.3613 | 3 min 20 s left | 12,346 tokens/s | AUC 0.630",
                        "step 4/4 | MLM loss 5.125 | RTD loss 0.3613 | 3 min 20 s left | 12,346 tokens/s | AUC 0.630");
    }

    @Test
    void aTerminalLineIsRewrittenAndItsRestErased() {
        ConsoleProgress progress = progress(true, 100, 9);
        progress.write(Metrics.at(1).put("mlm_loss", 123.0).build());
        now = 100_000_000L;
        progress.write(Metrics.at(2).put("mlm_loss", 5.0).build());
        progress.close();
        assertThat(written()).isEqualTo("\rstep 1/9 | MLM loss 123.000\rstep 2/9 | MLM loss 5.000  " + eol());
    }

    @Test
    void aTerminalIsNotRewrittenMoreThanTenTimesASecond() {
        ConsoleProgress progress = progress(true, 100, 9);
        progress.write(Metrics.at(1).build());
        now = 99_999_999L;
        progress.write(Metrics.at(2).build());
        assertThat(written()).isEqualTo("\rstep 1/9");
    }

    @Test
    void aNarrowTerminalLosesWholeParts() {
        for (int columns = 20; columns < 120; columns++) {
            bytes.reset();
            progress(true, columns, 4).write(metrics(1));
            assertThat(written().substring(1)).hasSizeLessThan(columns).matches(".*(/4|[0-9]{3}|left|tokens/s)");
        }
        bytes.reset();
        progress(true, 44, 4).write(metrics(1));
        assertThat(written()).isEqualTo("\rstep 1/4 | MLM loss 5.125 | RTD loss 0.3613");
    }

    @Test
    void aMessageStandsAboveTheStatusLine() {
        ConsoleProgress progress = progress(true, 100, 9);
        progress.write(Metrics.at(1).build());
        progress.message("saved");
        assertThat(written()).isEqualTo("\rstep 1/9\r        \rsaved" + eol() + "\rstep 1/9");
    }

    @Test
    void numbersThatAreNotFiniteAreLeftOut() {
        progress(false, 80, 9)
                .write(Metrics.at(1)
                        .put("mlm_loss", Double.NaN)
                        .put("eta_seconds", Double.NaN)
                        .put("rtd_loss", 0.5)
                        .build());
        assertThat(written().strip()).isEqualTo("step 1/9 | RTD loss 0.5000");
    }

    @Test
    void durationsReadNaturally() {
        assertThat(ConsoleProgress.duration(59.4)).isEqualTo("59 s");
        assertThat(ConsoleProgress.duration(59.6)).isEqualTo("1 min 00 s");
        assertThat(ConsoleProgress.duration(3661)).isEqualTo("1 h 01 min");
        assertThat(ConsoleProgress.duration(49 * 3600)).isEqualTo("2 days 1 h");
    }

    @Test
    void columnsComeFromTheEnvironment() {
        assertThat(ConsoleProgress.columns("80")).isEqualTo(80);
        assertThat(ConsoleProgress.columns("0")).isEqualTo(100);
        assertThat(ConsoleProgress.columns("wide")).isEqualTo(100);
        assertThat(ConsoleProgress.columns(null)).isEqualTo(100);
    }

    private static Metrics metrics(long step) {
        return Metrics.at(step)
                .put("mlm_loss", 5.125)
                .put("rtd_loss", 0.3613)
                .put("rtd_auc", 0.63)
                .put("tokens_per_second", 12_345.6)
                .put("eta_seconds", 200)
                .build();
    }

    private ConsoleProgress progress(boolean terminal, int columns, long lastStep) {
        PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
        return new ConsoleProgress(out, terminal, lastStep, columns, () -> now);
    }

    private String written() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String eol() {
        return System.lineSeparator();
    }
}
