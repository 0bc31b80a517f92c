package dev.changeling.cli;

import dev.changeling.metrics.ConsoleProgress;
import dev.changeling.metrics.Metrics;
import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.study.RunTraining;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * A training run at the command line: shows its progress, and lets it finish its step and save when a person (Ctrl-C)
 * or the system (SIGTERM) ends the process. The JVM then exits with 130 or 143 by itself.
 */
final class TrainingSession implements RunTraining {
    private final ConsoleProgress console;
    private final String goingOn;
    private final CountDownLatch saved = new CountDownLatch(1);
    private volatile boolean stopping;

    /** @param console shows progress and messages; closed when training ends */
    TrainingSession(ConsoleProgress console) {
        this(console, "--resume goes on from here");
    }

    /**
     * @param console shows progress and messages; closed when training ends
     * @param goingOn how a run goes on that was told to end, for its message
     */
    TrainingSession(ConsoleProgress console, String goingOn) {
        this.console = console;
        this.goingOn = goingOn;
    }

    /**
     * Trains to the last step, or until the process is told to end.
     *
     * @return whether the last step was reached; if not, the process is about to exit
     */
    @Override
    public boolean train(PretrainingRun run) throws IOException {
        Thread hook = new Thread(this::stopAndWait, "save before exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try (console) {
            boolean finished = run.train(() -> stopping);
            if (!finished) {
                console.message("stopped and saved; " + goingOn);
            }
            return finished;
        } finally {
            try {
                run.close();
            } finally {
                saved.countDown();
                remove(hook);
            }
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The process is ending already; the hook sees that everything is saved.
        }
    }

    private void stopAndWait() {
        stopping = true;
        try {
            saved.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void progress(Metrics metrics) {
        console.write(metrics);
    }

    @Override
    public void message(String line) {
        console.message(line);
    }
}
