package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final String BODY = "{\"text\": \"one\"}";

    private static TextServer withToken() {
        return TestServers.start(TestServers.settings(TestServers.limits(), "s3cret"), TestServers::lengths);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-None: 1",
                "Authorization: Bearer wrong",
                "Authorization: Bearer",
                "Authorization: Bearer s3cre",
                "Authorization: Bearer s3cret2",
                "Authorization: Basic s3cret",
                "Authorization: s3cret"
            })
    void asksForTheToken(String field) throws IOException {
        try (TextServer server = withToken()) {
            Reply reply = Wire.ask(server.uri(), Wire.post("/length", BODY, field));

            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.fields()).containsEntry("www-authenticate", "Bearer");
            assertThat(reply.error()).contains("token", "Authorization: Bearer TOKEN");
            assertThat(Wire.ask(server.uri(), Wire.get("/metrics", field)).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void keepsTheConnectionOfOneWhoForgotTheToken() throws Exception {
        try (TextServer server = withToken();
                Wire wire = new Wire(server.uri())) {
            wire.send(Wire.head("/length", "Content-Length: " + BODY.length()));
            Thread.sleep(50); // so that the server sees the head alone
            wire.send(BODY);
            assertThat(wire.reply().status()).isEqualTo(401);
            wire.send(Wire.post("/length", BODY, "Authorization: Bearer s3cret"));
            assertThat(wire.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void closesTheConnectionOfOneWhoSendsTooMuchWithoutTheToken() throws IOException {
        try (TextServer server = withToken();
                Wire wire = new Wire(server.uri())) {
            wire.send(Wire.head("/length", "Transfer-Encoding: chunked"));
            Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.fields()).containsEntry("connection", "close");
            assertThat(wire.isEnded()).isTrue();
        }
    }

    @Test
    void letsTheTokenIn() throws IOException {
        try (TextServer server = withToken()) {
            URI uri = server.uri();
            String token = "authorization: bearer s3cret";
            assertThat(Wire.ask(uri, Wire.post("/length", BODY, token)).status())
                    .isEqualTo(200);
            assertThat(Wire.ask(uri, Wire.get("/metrics", token)).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/", "/page.css", "/page.js", "/icon.svg", "/openapi.json"})
    void needsNoTokenForWhatHoldsNoSecret(String path) throws IOException {
        try (TextServer server = withToken()) {
            assertThat(Wire.ask(server.uri(), Wire.get(path)).status()).isEqualTo(200);
        }
    }

    @Test
    void tellsOfTheTokenInItsDescription() throws IOException {
        try (TextServer server = withToken()) {
            assertThat(Wire.ask(server.uri(), Wire.get("/openapi.json"))
                            .json()
                            .at("/components/securitySchemes/token/scheme")
                            .asString())
                    .isEqualTo("bearer");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1"
            })
    void answersNoPageOfAnotherSite(String host) throws IOException {
        try (TextServer server = TestServers.start(TestServers.limits(), TestServers::lengths)) {
            for (String path : new String[] {"/", "/health", "/length"}) {
                Reply reply = Wire.ask(server.uri(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(reply.status()).isEqualTo(421);
            }
            // The address in the first line counts more than the field.
            assertThat(Wire.ask(server.uri(), "GET http://" + host + "/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isIn(400, 421);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:80", "models.example"})
    void answersForItsOwnNames(String host) throws IOException {
        try (TextServer server = TestServers.start(
                TestServers.settings(TestServers.limits(), null, "Models.example"), TestServers::lengths)) {
            assertThat(Wire.ask(server.uri(), "GET /health HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }
}
