package dev.changeling.server;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Servers for tests, their limits small where that does no harm. */
final class TestServers {
    static final Duration LONG = Duration.ofMinutes(2);
    static final Duration SHORT = Duration.ofMillis(300);

    private TestServers() {}

    static Limits limits() {
        return new Limits(4_096, 8, 100, 64, 4, Duration.ZERO, LONG, LONG, LONG, 100);
    }

    static Limits queue(int queuedTexts) {
        return new Limits(4_096, 8, 100, queuedTexts, 1, Duration.ZERO, LONG, LONG, LONG, 100);
    }

    /** @param batchWait so long that what is sent together comes together */
    static Limits batches(int batchTexts, Duration batchWait) {
        return new Limits(4_096, 8, 100, 64, batchTexts, batchWait, LONG, LONG, LONG, 100);
    }

    static Limits answerWithin(Duration answer) {
        return new Limits(4_096, 8, 100, 64, 1, Duration.ZERO, answer, LONG, LONG, 100);
    }

    static Limits readWithin(Duration reading) {
        return new Limits(4_096, 8, 100, 64, 4, Duration.ZERO, LONG, reading, LONG, 2);
    }

    static Limits drainWithin(Duration drain) {
        return new Limits(4_096, 8, 100, 64, 1, Duration.ZERO, LONG, LONG, drain, 100);
    }

    static ServerSettings settings(Limits limits, @Nullable String token, String... hosts) {
        return new ServerSettings("127.0.0.1", 0, List.of(hosts), token, "a model", "1.0", limits);
    }

    /** Starts a server whose service is at {@code /length}, and which is asked for {@code /other} in vain. */
    static TextServer start(Limits limits, Service.TextFunction function) {
        return start(settings(limits, null), function);
    }

    static TextServer start(ServerSettings settings, Service.TextFunction function) {
        return TextServer.start(
                settings,
                List.of(Service.ofTexts("/length", "Counts characters", "{\"type\": \"integer\"}", function)),
                List.of(new MissingService("/other", "this model can't")));
    }

    /** Starts a server whose service joins a text and what comes with it. */
    static TextServer joining(Service.Companion companion) {
        return TextServer.start(
                settings(limits(), null),
                List.of(new Service(
                        "/join",
                        "Joins",
                        companion,
                        "{\"type\": \"string\"}",
                        inputs -> inputs.stream()
                                .map(input -> input.text() + "+" + input.companion())
                                .toList())),
                List.of());
    }

    static List<Integer> lengths(List<String> texts) {
        return texts.stream().map(String::length).toList();
    }
}
