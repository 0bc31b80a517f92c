package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.server.Limits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options by which a server is told how much to take on. */
final class LimitArguments {
    private static final int KILOBYTE = 1 << 10;
    private static final int MOST_BODY_KILOBYTES = 1 << 16;
    private static final int MOST_SECONDS = 86_400;

    @Option(
            names = "--max-body",
            paramLabel = "KB",
            defaultValue = "1024",
            converter = PositiveConverter.class,
            description = "Of a request's body. Default: ${DEFAULT-VALUE}.")
    private int bodyKilobytes;

    @Option(
            names = "--max-texts",
            paramLabel = "N",
            defaultValue = "64",
            converter = PositiveConverter.class,
            description = "Texts of a request. Default: ${DEFAULT-VALUE}.")
    private int texts;

    @Option(
            names = "--max-characters",
            paramLabel = "N",
            defaultValue = "20000",
            converter = PositiveConverter.class,
            description = "Characters of a text. Default: ${DEFAULT-VALUE}.")
    private int characters;

    @Option(
            names = "--max-queue",
            paramLabel = "N",
            defaultValue = "1024",
            converter = PositiveConverter.class,
            description = "Texts that may wait for the model; more are refused with 503. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            defaultValue = "32",
            converter = PositiveConverter.class,
            description = "Texts that the model is given at once. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--batch-wait",
            paramLabel = "MS",
            defaultValue = "2",
            description = "How long the first text of a batch waits for more. Default: ${DEFAULT-VALUE}.")
    private long batchWait;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "30",
            converter = PositiveConverter.class,
            description = "How long a request may wait for the model, and, when the server ends, for its answer."
                    + " Default: ${DEFAULT-VALUE}.")
    private int timeout;

    @Option(
            names = "--client-timeout",
            paramLabel = "S",
            defaultValue = "20",
            converter = PositiveConverter.class,
            description = "How long a client may take to send a request, to read its answer, or to say nothing."
                    + " Default: ${DEFAULT-VALUE}.")
    private int clientTimeout;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "1024",
            converter = PositiveConverter.class,
            description = "Open at once; more wait. Default: ${DEFAULT-VALUE}.")
    private int connections;

    /** @throws UsageException if a number is out of range */
    Limits read() {
        expect("--max-body", bodyKilobytes, 1, MOST_BODY_KILOBYTES);
        expect("--max-queue", queue, texts, Integer.MAX_VALUE);
        expect("--batch-wait", batchWait, 0, 1_000);
        expect("--timeout", timeout, 1, MOST_SECONDS);
        expect("--client-timeout", clientTimeout, 1, MOST_SECONDS);
        return new Limits(
                bodyKilobytes * KILOBYTE,
                texts,
                characters,
                queue,
                batch,
                Duration.ofMillis(batchWait),
                Duration.ofSeconds(timeout),
                Duration.ofSeconds(clientTimeout),
                Duration.ofSeconds(timeout),
                connections);
    }

    private static void expect(String option, long found, long least, long most) {
        if (found < least || found > most) {
            throw new UsageException(option + " is " + found + ", expected at least " + least
                    + (most == Integer.MAX_VALUE ? "; a request's texts must fit the queue" : " and at most " + most));
        }
    }
}
