package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Concurrent requests, and more of them than the service can take. */
class BatchingTest {
    private final Gate gate = new Gate();
    private final ExecutorService clients = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        gate.open();
        clients.shutdownNow();
    }

    private Future<Reply> ask(URI uri, String... texts) {
        String body = "{\"texts\": [\"" + String.join("\", \"", texts) + "\"]}";
        return clients.submit(() -> Wire.ask(uri, Wire.post("/length", body)));
    }

    private static void awaitQueue(URI uri, int texts) throws Exception {
        while (!metrics(uri).contains("changeling_queued_texts{path=\"/length\"} " + texts + ".0")) {
            Thread.sleep(5);
        }
    }

    private static String metrics(URI uri) throws IOException {
        return Wire.ask(uri, Wire.get("/metrics")).body();
    }

    private static String results(Future<Reply> reply) throws Exception {
        return reply.get().json().path("results").toString();
    }

    @Test
    void joinsWhatComesTogether() throws Exception {
        try (TextServer server = TestServers.start(TestServers.batches(4, Duration.ZERO), gate)) {
            URI uri = server.uri();
            Future<Reply> first = ask(uri, "first");
            gate.awaitEntry();
            List<Future<Reply>> rest = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                rest.add(ask(uri, "x".repeat(i)));
            }
            awaitQueue(uri, 6);
            gate.open();

            assertThat(results(first)).isEqualTo("[5]");
            for (int i = 0; i < 6; i++) {
                assertThat(results(rest.get(i))).isEqualTo("[" + i + "]");
            }
            assertThat(gate.batches()).extracting(List::size).containsExactly(1, 4, 2);
            assertThat(metrics(uri))
                    .contains("changeling_batch_texts_count{path=\"/length\"} 3")
                    .contains("changeling_batch_texts_bucket{path=\"/length\",le=\"2.0\"} 2")
                    .contains("changeling_texts_total{path=\"/length\"} 7.0")
                    .contains("changeling_characters_total{path=\"/length\"} 20.0");
        }
    }

    @Test
    void waitsForABatchToFill() throws Exception {
        gate.open();
        try (TextServer server = TestServers.start(TestServers.batches(2, TestServers.LONG), gate)) {
            Future<Reply> one = ask(server.uri(), "a");
            Future<Reply> other = ask(server.uri(), "bc");

            assertThat(List.of(results(one), results(other))).containsExactly("[1]", "[2]");
            assertThat(gate.batches()).extracting(List::size).containsExactly(2);
        }
    }

    @Test
    void doesNotWaitForABatchThatNeverFills() throws Exception {
        gate.open();
        try (TextServer server = TestServers.start(TestServers.batches(100, Duration.ofMillis(1)), gate)) {
            assertThat(results(ask(server.uri(), "a"))).isEqualTo("[1]");
        }
    }

    @Test
    void cutsALargeRequestSoThatOthersCanPass() throws Exception {
        try (TextServer server = TestServers.start(TestServers.batches(3, Duration.ZERO), gate)) {
            URI uri = server.uri();
            Future<Reply> atWork = ask(uri, "at work");
            gate.awaitEntry();
            Future<Reply> large = ask(uri, "a", "bb", "c", "d", "e", "f", "g", "hhh");
            awaitQueue(uri, 8);
            Future<Reply> little = ask(uri, "little");
            awaitQueue(uri, 9);
            gate.letPass(2);

            assertThat(results(atWork)).isEqualTo("[7]");
            assertThat(results(little)).isEqualTo("[6]");
            assertThat(large.isDone()).as("five of its texts wait").isFalse();
            gate.open();
            assertThat(results(large)).isEqualTo("[1,2,1,1,1,1,1,3]");
            assertThat(gate.batches())
                    .containsExactly(
                            List.of("at work"),
                            List.of("a", "little", "bb"),
                            List.of("c", "d", "e"),
                            List.of("f", "g", "hhh"));
        }
    }

    @Test
    void requestsOfManyTextsTakeTurns() throws Exception {
        try (TextServer server = TestServers.start(TestServers.batches(4, Duration.ZERO), gate)) {
            URI uri = server.uri();
            Future<Reply> atWork = ask(uri, "at work");
            gate.awaitEntry();
            List<Future<Reply>> requests = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                requests.add(ask(uri, "a".repeat(i), "b".repeat(i), "c".repeat(i)));
                awaitQueue(uri, 3 * i);
            }
            gate.open();

            assertThat(results(atWork)).isEqualTo("[7]");
            for (int i = 1; i <= 3; i++) {
                assertThat(results(requests.get(i - 1))).isEqualTo("[" + i + "," + i + "," + i + "]");
            }
            assertThat(gate.batches())
                    .containsExactly(
                            List.of("at work"),
                            List.of("a", "aa", "aaa", "b"),
                            List.of("bb", "bbb", "c", "cc"),
                            List.of("ccc"));
        }
    }

    @Test
    void failsNoRequestForTheTextOfAnother() throws Exception {
        try (TextServer server = TestServers.start(TestServers.batches(4, Duration.ZERO), gate)) {
            URI uri = server.uri();
            Future<Reply> first = ask(uri, "first");
            gate.awaitEntry();
            Future<Reply> good = ask(uri, "good");
            Future<Reply> bad = ask(uri, "bad");
            Future<Reply> mixed = ask(uri, "fine", "bad");
            awaitQueue(uri, 4);
            gate.open();

            assertThat(results(first)).isEqualTo("[5]");
            assertThat(results(good)).isEqualTo("[4]");
            assertThat(bad.get().status()).isEqualTo(500);
            assertThat(mixed.get().status()).isEqualTo(500);
            assertThat(gate.batches().get(1)).containsExactlyInAnyOrder("good", "bad", "fine", "bad");
        }
    }

    @Test
    void refusesWhatDoesNotFitTheQueue() throws Exception {
        try (TextServer server = TestServers.start(TestServers.queue(8), gate)) {
            URI uri = server.uri();
            Future<Reply> first = ask(uri, "first");
            gate.awaitEntry();
            Future<Reply> waiting = ask(uri, "1", "2", "3", "4", "5", "6", "7");
            awaitQueue(uri, 7);

            Reply refused = ask(uri, "8", "9").get();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields()).containsKey("retry-after");
            assertThat(refused.error()).isEqualTo("too busy: 7 texts are waiting already");

            Future<Reply> fits = ask(uri, "8");
            awaitQueue(uri, 8);
            gate.open();
            assertThat(List.of(
                            first.get().status(),
                            waiting.get().status(),
                            fits.get().status()))
                    .containsOnly(200);
            assertThat(metrics(uri)).contains("changeling_requests_total{path=\"/length\",status=\"503\"} 1.0");
        }
    }

    @Test
    void givesUpOnTextsThatWaitTooLong() throws Exception {
        try (TextServer server = TestServers.start(TestServers.answerWithin(TestServers.SHORT), gate)) {
            URI uri = server.uri();
            Future<Reply> atWork = ask(uri, "at work");
            gate.awaitEntry();
            Future<Reply> waiting = ask(uri, "waiting");

            assertThat(atWork.get().status()).isEqualTo(504);
            assertThat(waiting.get().status()).isEqualTo(504);
            assertThat(waiting.get().error()).isEqualTo("no result after 0.3 seconds");
            gate.open();
            assertThat(ask(uri, "later").get().status()).isEqualTo(200);
            assertThat(gate.batches()).containsExactly(List.of("at work"), List.of("later"));
        }
    }

    @Test
    void textsThatNobodyWaitsForLeaveTheQueueAtOnce() throws Exception {
        try (TextServer server = TestServers.start(TestServers.answerWithin(TestServers.SHORT), gate)) {
            URI uri = server.uri();
            Future<Reply> atWork = ask(uri, "at work");
            gate.awaitEntry();
            Future<Reply> waiting = ask(uri, "1", "2", "3");

            assertThat(atWork.get().status()).isEqualTo(504);
            assertThat(waiting.get().status()).isEqualTo(504);
            assertThat(metrics(uri)).contains("changeling_queued_texts{path=\"/length\"} 0.0");
            gate.open();
        }
    }
}
