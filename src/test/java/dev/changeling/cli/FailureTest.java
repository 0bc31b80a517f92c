package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void printsBadInputAsItIs() {
        assertThat(report(new InputException("a.txt, line 3: found x, expected y"), false))
                .isEqualTo("changeling: a.txt, line 3: found x, expected y\n");
    }

    @Test
    void looksInsideTheWrappersOfThreadsAndStreams() {
        Throwable wrapped =
                new ExecutionException(new UncheckedIOException(new NoSuchFileException("missing/corpus.txt")));

        assertThat(report(wrapped, false)).isEqualTo("changeling: missing/corpus.txt: no such file or folder\n");
    }

    @Test
    void namesTheFileOnAFullDisk() {
        assertThat(report(new FileSystemException("out/a.bin", null, "No space left on device"), false))
                .isEqualTo("changeling: out/a.bin: no space left on device\n");
    }

    @Test
    void isNotSurprisedByAFullDiskWhileAFileIsWritten() {
        assertThat(report(new IOException("No space left on device"), false))
                .isEqualTo("changeling: reading or writing failed: no space left on device\n");
    }

    @Test
    void saysHowToGiveJavaMoreMemory() {
        assertThat(report(new OutOfMemoryError("Java heap space"), false)).contains("CHANGELING_JAVA_OPTS=-Xmx");
    }

    @Test
    void pointsToTheDoctorWhenTheEngineCannotBeLoaded() {
        assertThat(report(new UnsatisfiedLinkError("no jnitorch in java.library.path"), false))
                .contains("no jnitorch", "changeling doctor");
        assertThat(report(
                        new NoClassDefFoundError("Could not initialize class org.bytedeco.pytorch.global.torch"),
                        false))
                .contains("engine's libraries can't be loaded");
    }

    @Test
    void keepsAnUnexpectedFailureToOneLineUnlessAsked() {
        IllegalStateException failure = new IllegalStateException("odd");

        assertThat(report(failure, false))
                .isEqualTo("changeling: unexpected java.lang.IllegalStateException: odd; use --verbose for the stack"
                        + " trace\n");
        assertThat(report(failure, true)).contains("at dev.changeling.cli.FailureTest");
    }

    private static String report(Throwable failure, boolean verbose) {
        StringWriter err = new StringWriter();
        assertThat(Failure.report(failure, new PrintWriter(err), verbose)).isEqualTo(1);
        return err.toString().replace("\r\n", "\n");
    }

    @Test
    void keepsAMessageOfManyLinesToItsFirst() {
        IllegalStateException failure = new IllegalStateException("index out of range\n  at a C++ frame\n  at another");

        assertThat(report(failure, false))
                .isEqualTo("changeling: unexpected java.lang.IllegalStateException: index out of range; use --verbose"
                        + " for the stack trace\n");
        assertThat(report(failure, true)).contains("at a C++ frame");
        assertThat(report(new IOException("gone\nfor good"), false))
                .isEqualTo("changeling: reading or writing failed: gone\n");
    }

    @Test
    void saysThatAModelIsTooLarge() {
        assertThat(report(new RuntimeException("Storage size calculation overflowed with sizes=[9]"), false))
                .contains(
                        "no memory for a tensor; a smaller model, a smaller training.device_batch_size and fewer training.threads");
    }

    @Test
    void keepsTheWholeOfAMessageWhoseFileHasALineBreakInItsName() {
        assertThat(report(new InputException("odd\nname.txt: no such file or folder"), false))
                .isEqualTo("changeling: odd name.txt: no such file or folder\n");
    }

    @Test
    void quotesNothingThatATerminalObeysAndNoTextWithoutEnd() {
        assertThat(report(new InputException("a.json: \u001b[31mred"), false))
                .isEqualTo("changeling: a.json: ?[31mred\n");
        assertThat(report(new InputException("a.json: key: " + "x".repeat(3_000_000) + "; expected y"), false))
                .hasSizeLessThan(5_000)
                .startsWith("changeling: a.json: key: xxx")
                .endsWith("xxx; expected y\n");
    }
}
