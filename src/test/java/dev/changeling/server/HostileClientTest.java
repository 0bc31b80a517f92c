package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, rude or broken: each ends with its own connection, and the server goes on. */
class HostileClientTest {
    private static final String BODY = "{\"text\": \"one\"}";
    private static final int LARGE = 32 << 20;
    /** Of a kilobyte: far from all of a large answer. */
    private static final int SIPS = 2_000;

    private final TextServer server =
            TestServers.start(TestServers.readWithin(TestServers.SHORT), HostileClientTest::lengths);
    private final URI uri = server.uri();

    private static List<?> lengths(List<String> texts) {
        return texts.contains("large") ? List.of("x".repeat(LARGE)) : TestServers.lengths(texts);
    }

    @AfterEach
    void goesOn() throws IOException {
        try (server) {
            assertThat(Wire.ask(uri, Wire.post("/length", BODY)).status()).isEqualTo(200);
        }
    }

    @Test
    void refusesAHugeHead() throws IOException {
        Reply reply = Wire.ask(uri, Wire.get("/health", "X-Large: " + "a".repeat(Limits.HEAD_BYTES)));

        assertThat(reply.status()).isEqualTo(431);
        assertThat(reply.error()).isNotEmpty();
    }

    @Test
    void refusesAHugeAddress() throws IOException {
        assertThat(Wire.ask(uri, Wire.get("/" + "a".repeat(Limits.HEAD_BYTES))).status())
                .isEqualTo(414);
    }

    @Test
    void stopsReadingABodyInPieces() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.head("/length", "Transfer-Encoding: chunked"));
            wire.send(("400\r\n" + "a".repeat(0x400) + "\r\n").repeat(5));
            Reply reply = wire.reply();

            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.error()).isEqualTo("the body is larger than 4096 bytes");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET /health\r\n\r\n",
                "GET /health HTTP/9.9\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
                "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
                "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /health%00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0016\u0003\u0001\u0002\r\n\r\n"
            })
    void refusesWhatIsNoHttp(String bytes) throws IOException {
        Reply reply = Wire.ask(uri, bytes);

        assertThat(reply.status()).isBetween(400, 505);
        assertThat(reply.error()).isNotEmpty();
    }

    @Test
    void answersBeforeTheGarbageThatFollows() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.post("/length", BODY) + "\u0001\u0002 nonsense\r\n\r\n");

            assertThat(wire.reply().json().path("results").toString()).isEqualTo("[3]");
            assertThat(wire.reply().status()).isEqualTo(400);
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void refusesAChunkThatIsNone() throws IOException {
        Reply reply = Wire.ask(uri, Wire.head("/length", "Transfer-Encoding: chunked") + "zz\r\n");

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void doesNotWaitForABodyForEver() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.head("/length", "Content-Length: 100") + "{\"text\":");
            Reply reply = wire.reply();

            assertThat(reply.status()).isEqualTo(408);
            assertThat(reply.error()).isEqualTo("the body took too long");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void doesNotWaitForAHeadThatComesInDrops() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send("GET /health HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(dripUntilEnded(wire)).isTrue();
        }
    }

    @Test
    void doesNotWaitForASecondHeadThatComesInDrops() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.get("/health"));
            assertThat(wire.reply().status()).isEqualTo(200);
            wire.send("GET /health HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(dripUntilEnded(wire)).isTrue();
        }
    }

    /** Sends a field a byte at a time, as Slowloris does, until the server has had enough. */
    private static boolean dripUntilEnded(Wire wire) {
        try {
            for (int i = 0; i < Limits.HEAD_BYTES / 2; i++) {
                wire.send("x");
                Thread.sleep(20);
            }
            return false;
        } catch (IOException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void doesNotWaitForOneWhoSipsHisAnswer() throws Exception {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.post("/length", "{\"text\": \"large\"}"));
            int sips = 0;
            do {
                wire.sip();
                Thread.sleep(20);
                sips++;
            } while (sips < SIPS
                    && !Wire.ask(uri, Wire.get("/metrics")).body().contains("changeling_requests_in_flight 1.0"));
            assertThat(sips).isLessThan(SIPS);
        }
    }

    @Test
    void servesOthersWhileConnectionsStandOpen() throws IOException {
        // As many as there may be: the next waits until the time of one is up.
        try (Wire one = new Wire(uri);
                Wire other = new Wire(uri)) {
            one.send("POST /length HTTP/1.1\r\n");
            assertThat(Wire.ask(uri, Wire.get("/health")).status()).isEqualTo(200);
            assertThat(List.of(one.isEnded(), other.isEnded())).containsOnly(true);
        }
    }

    @Test
    void forgetsOneWhoLeavesInTheMiddle() throws IOException {
        for (String part : List.of("", "POST", "POST /length HTTP/1.1\r\nHost: localhost\r\nContent-Le")) {
            try (Wire wire = new Wire(uri)) {
                wire.send(part);
            }
        }
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.post("/length", BODY));
        }
    }
}
