package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DrainTest {
    private static final String BODY = "{\"texts\": [\"one\", \"three\"]}";

    private final Gate gate = new Gate();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        gate.open();
        threads.shutdownNow();
    }

    @Test
    void finishesWhatItHasTaken() throws Exception {
        TextServer server = TestServers.start(TestServers.drainWithin(TestServers.LONG), gate);
        URI uri = server.uri();
        Future<Reply> taken = threads.submit(() -> Wire.ask(uri, Wire.post("/length", BODY)));
        gate.awaitEntry();
        Future<?> closing = threads.submit(server::close);
        awaitDeafness(uri);
        assertThat(closing.isDone()).isFalse();
        gate.open();

        assertThat(taken.get().status()).isEqualTo(200);
        assertThat(taken.get().json().path("results").toString()).isEqualTo("[3,5]");
        closing.get();
        server.join();
        assertThat(gate.batches()).hasSize(2);
    }

    @Test
    void refusesWhatComesLateOverAConnectionThatStandsOpen() throws Exception {
        TextServer server = TestServers.start(TestServers.drainWithin(TestServers.LONG), gate);
        URI uri = server.uri();
        Future<Reply> taken = threads.submit(() -> Wire.ask(uri, Wire.post("/length", BODY)));
        gate.awaitEntry();
        try (Wire probe = new Wire(uri);
                Wire late = new Wire(uri)) {
            for (Wire wire : new Wire[] {probe, late}) {
                wire.send(Wire.get("/health"));
                assertThat(wire.reply().status()).isEqualTo(200);
            }
            Future<?> closing = threads.submit(server::close);
            awaitDeafness(uri);
            Optional<Reply> health = late(probe, Wire.get("/health"));
            assertThat(health.stream()).allSatisfy(reply -> {
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.json().path("status").asString()).isEqualTo("draining");
            });
            Optional<Reply> refused = late(late, Wire.post("/length", BODY));
            assertThat(refused.stream()).allSatisfy(reply -> {
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.fields()).containsKey("retry-after");
            });
            gate.open();
            closing.get();
        }
        assertThat(taken.get().status()).isEqualTo(200);
    }

    @Test
    void doesNotWaitForEver() throws Exception {
        TextServer server = TestServers.start(TestServers.drainWithin(Duration.ofMillis(100)), gate);
        URI uri = server.uri();
        Future<Reply> taken = threads.submit(() -> Wire.ask(uri, Wire.post("/length", BODY)));
        gate.awaitEntry();

        server.close();

        assertThatThrownBy(taken::get).hasMessageContaining("the connection ended");
        assertThat(gate.batches()).hasSize(1);
    }

    @Test
    void endsTwice() {
        TextServer server = TestServers.start(TestServers.limits(), gate);
        server.close();
        server.close();
        assertThatThrownBy(() -> Wire.ask(server.uri(), Wire.get("/health"))).isInstanceOf(Exception.class);
    }

    /** Returns the answer, unless the server has closed the connection, which stood idle, before it was asked. */
    private static Optional<Reply> late(Wire wire, String request) {
        try {
            wire.send(request);
            return Optional.of(wire.reply());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Waits until nobody listens at an address any more. */
    private static void awaitDeafness(URI uri) throws Exception {
        while (true) {
            try (Wire wire = new Wire(uri)) {
                Thread.sleep(5);
            } catch (ConnectException e) {
                return;
            }
        }
    }
}
