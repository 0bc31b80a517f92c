package dev.changeling.cli;

import dev.changeling.error.FileFailure;
import java.io.PrintWriter;
import java.nio.charset.Charset;

/** Where the program starts and ends. */
public final class Main {
    private Main() {}

    /** Runs one verb and exits with its code. */
    public static void main(String[] arguments) {
        StandardOutput standard = new StandardOutput();
        PrintWriter out = new PrintWriter(standard, false, charset());
        PrintWriter err = new PrintWriter(System.err, true, charset());
        // An error in a worker thread must not leave the others waiting for it for ever. No shutdown hooks run: they
        // could wait for that thread, too.
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            Failure.report(failure, err, true);
            Runtime.getRuntime().halt(ExitCode.FAILED);
        });
        int code = Changeling.execute(out, err, arguments);
        out.flush();
        if (code == ExitCode.DONE && standard.failure().isPresent()) {
            err.println("changeling: standard output: can't be written: "
                    + FileFailure.reason(standard.failure().get()));
            code = ExitCode.FAILED;
        }
        err.flush();
        System.exit(code);
    }

    /** What the terminal understands. Java 17 takes the platform's for System.out but not for writers around it. */
    private static Charset charset() {
        String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
        return Charset.forName(name);
    }
}
