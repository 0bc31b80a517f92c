package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What the server answers, request by request, over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextServerTest {
    private TextServer server;
    private URI uri;

    @BeforeAll
    void start() {
        server = TestServers.start(TestServers.limits(), texts -> {
            if (texts.contains("unusable")) {
                throw new InputException("no model can use this text");
            }
            if (texts.contains("fatal")) {
                throw new IllegalStateException("secret details");
            }
            return TestServers.lengths(texts);
        });
        uri = server.uri();
    }

    @AfterAll
    void end() {
        server.close();
    }

    @Test
    void answersForEachTextInOrder() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", "{\"texts\": [\"one\", \"\", \"Übung\", \"\uD83D\uDE00\"]}"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.fields())
                .containsEntry("content-type", "application/json")
                .containsEntry("cache-control", "no-store")
                .containsEntry("x-content-type-options", "nosniff")
                .doesNotContainKey("server");
        assertThat(reply.json().toString()).isEqualTo("{\"model\":\"a model\",\"results\":[3,0,5,2]}");
    }

    @Test
    void answersForOneText() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", "{\"text\": \"four\"}"));

        assertThat(reply.json().path("results").toString()).isEqualTo("[4]");
    }

    @Test
    void answersForNoTexts() throws IOException {
        assertThat(Wire.ask(uri, Wire.post("/length", "{\"texts\": []}"))
                        .json()
                        .path("results")
                        .toString())
                .isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\" \"a\"}          | not JSON at line 1, column 9",
                "{\"text\": \"a\"} more    | not JSON at line 1, column",
                "''                        | the body is empty",
                "[\"a\"]                   | found a list; expected {\"texts\"",
                "{}                        | found the keys []; expected {\"texts\"",
                "{\"text\": \"a\", \"x\": 1} | found the keys [text, x]; expected",
                "{\"text\": \"a\", \"text\": \"b\"} | Duplicate",
                "{\"texts\": \"a\"}        | texts is a string, expected a list of strings",
                "{\"texts\": [\"a\", 1]}   | texts[1] is a number, expected a string",
                "{\"text\": null}          | text is null, expected a string",
                "{\"text\": \"a\\ud800\"}  | text has half a surrogate pair at character 1"
            })
    void saysWhatIsWrongWithABody(String body, String expected) throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", body));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).contains(expected);
    }

    @Test
    void takesNoMoreTextThanItsLimits() throws IOException {
        String many = "[" + "\"a\",".repeat(8) + "\"a\"]";
        Reply texts = Wire.ask(uri, Wire.post("/length", "{\"texts\": " + many + "}"));
        Reply longText = Wire.ask(uri, Wire.post("/length", "{\"text\": \"" + "a".repeat(101) + "\"}"));
        Reply body = Wire.ask(uri, Wire.post("/length", "{\"text\": \"" + "a".repeat(5_000) + "\"}"));

        assertThat(List.of(texts.status(), longText.status(), body.status())).containsOnly(413);
        assertThat(texts.error()).isEqualTo("9 texts; at most 8 fit a request");
        assertThat(longText.error()).isEqualTo("text has 101 characters; at most 100 are taken");
        assertThat(body.error()).isEqualTo("the body is larger than 4096 bytes");
        assertThat(body.fields()).containsEntry("connection", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin1"})
    void takesNothingButJson(String type) throws IOException {
        Reply reply = Wire.ask(uri, Wire.postAs(type, "/length", "{\"text\": \"a\"}"));

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.error()).contains(type, "expected application/json");
    }

    @Test
    void takesNoCompressedBody() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", "{\"text\": \"a\"}", "Content-Encoding: gzip"));

        assertThat(reply.status()).isEqualTo(415);
    }

    @Test
    void takesJsonWithItsCharset() throws IOException {
        assertThat(Wire.ask(uri, Wire.postAs("Application/JSON;charset=UTF-8", "/length", "{\"text\": \"a\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void knowsItsPathsAndMethods() throws IOException {
        Reply unknown = Wire.ask(uri, Wire.get("/nowhere"));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error()).contains("/openapi.json");

        Reply get = Wire.ask(uri, Wire.get("/length"));
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.fields()).containsEntry("allow", "POST");

        Reply post = Wire.ask(uri, Wire.post("/health", "{}"));
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.fields()).containsEntry("allow", "GET, HEAD");
    }

    @Test
    void saysWhyAModelCanNot() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/other", "{\"text\": \"a\"}"));

        assertThat(reply.status()).isEqualTo(501);
        assertThat(reply.error()).isEqualTo("this model can't");
    }

    @Test
    void passesOnWhatIsWrongWithAText() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", "{\"texts\": [\"a\", \"unusable\"]}"));

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.error()).isEqualTo("no model can use this text");
    }

    @Test
    void keepsTheDetailsOfAFailureToItself() throws IOException {
        Reply reply = Wire.ask(uri, Wire.post("/length", "{\"text\": \"fatal\"}"));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).doesNotContain("secret");
    }

    @Test
    void isReady() throws IOException {
        Reply reply = Wire.ask(uri, Wire.get("/health"));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("{\"status\":\"ready\",\"model\":\"a model\"}");
    }

    @Test
    void showsAPageThatMayLoadNothingFromElsewhere() throws IOException {
        Reply page = Wire.ask(uri, Wire.get("/"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.fields().get("content-security-policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.fields().get("content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.body()).contains("page.css", "page.js").doesNotContain("http:", "https:", "<style", " style=");
        for (String file : List.of("/page.css", "/page.js", "/icon.svg")) {
            assertThat(Wire.ask(uri, Wire.get(file)).status()).as(file).isEqualTo(200);
        }
    }

    @Test
    void describesEachOfItsPaths() throws IOException {
        JsonNode description = Wire.ask(uri, Wire.get("/openapi.json")).json();

        assertThat(description.path("openapi").asString()).startsWith("3.1");
        assertThat(description.path("info").path("version").asString()).isEqualTo("1.0");
        assertThat(description.path("paths").propertyNames())
                .containsExactlyInAnyOrder(
                        "/",
                        "/page.css",
                        "/page.js",
                        "/icon.svg",
                        "/health",
                        "/metrics",
                        "/openapi.json",
                        "/length",
                        "/other");
        for (String path : description.path("paths").propertyNames()) {
            String method = description.path("paths").path(path).has("get") ? "GET" : "POST";
            Reply reply = Wire.ask(uri, method.equals("GET") ? Wire.get(path) : Wire.post(path, "{\"text\": \"a\"}"));
            assertThat(description
                            .path("paths")
                            .path(path)
                            .path(method.equals("GET") ? "get" : "post")
                            .path("responses")
                            .propertyNames())
                    .as(path)
                    .contains(Integer.toString(reply.status()));
        }
        assertThat(description
                        .at(
                                "/paths/~1length/post/responses/200/content/application~1json/schema/properties/results/items/type")
                        .asString())
                .isEqualTo("integer");
        assertThat(description.at("/components/schemas/Text/maxLength").asInt()).isEqualTo(100);
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send("HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Reply reply = wire.reply();
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.fields()).containsKey("content-length");
            assertThat(reply.body()).isEmpty();
        }
    }

    @Test
    void keepsAConnectionForSeveralRequests() throws IOException {
        try (Wire wire = new Wire(uri)) {
            wire.send(Wire.post("/length", "{\"text\": \"one\"}") + Wire.get("/health"));
            assertThat(wire.reply().json().path("results").toString()).isEqualTo("[3]");
            assertThat(wire.reply().json().path("status").asString()).isEqualTo("ready");
        }
    }

    @Test
    void listensNowhereElseThanAsked() {
        int taken = uri.getPort();
        ServerSettings settings =
                new ServerSettings("127.0.0.1", taken, List.of(), null, "m", "1", TestServers.limits());
        assertThatThrownBy(() -> TestServers.start(settings, TestServers::lengths))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("127.0.0.1:" + taken + ": can't listen here: address already in use");

        ServerSettings nowhere =
                new ServerSettings("no.such.host.invalid", 0, List.of(), null, "m", "1", TestServers.limits());
        assertThatThrownBy(() -> TestServers.start(nowhere, TestServers::lengths))
                .isInstanceOf(InputException.class)
                .hasMessage("no.such.host.invalid: no such host");
    }
}
