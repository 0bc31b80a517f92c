package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentServerTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile String content = "one";

    private DocumentServer start() {
        return DocumentServer.start(
                0,
                "1.0",
                List.of(
                        new Document("/", "text/plain", () -> content.getBytes(StandardCharsets.UTF_8)),
                        new Document("/refused", "text/plain", () -> {
                            throw new InputException("run: not yet");
                        }),
                        new Document("/broken", "text/plain", () -> {
                            throw new IllegalStateException("secret");
                        })));
    }

    private HttpResponse<String> get(URI address, String... fields) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void givesEachDocumentAsItIsNow() throws Exception {
        try (DocumentServer server = start()) {
            HttpResponse<String> first = get(server.uri());
            content = "two";
            HttpResponse<String> second = get(server.uri());

            assertThat(server.uri().getHost()).isEqualTo("127.0.0.1");
            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body()).isEqualTo("one");
            assertThat(first.headers().firstValue("content-type")).hasValue("text/plain");
            assertThat(second.body()).isEqualTo("two");
        }
    }

    @Test
    void sendsNothingAgainThatIsTheSame() throws Exception {
        try (DocumentServer server = start()) {
            String tag = get(server.uri()).headers().firstValue("etag").orElseThrow();

            HttpResponse<String> same = get(server.uri(), "If-None-Match", tag);
            assertThat(same.statusCode()).isEqualTo(304);
            assertThat(same.body()).isEmpty();
            content = "two";
            assertThat(get(server.uri(), "If-None-Match", tag).body()).isEqualTo("two");
        }
    }

    @Test
    void saysWhatIsWrongAndKeepsItsSecrets() throws Exception {
        try (DocumentServer server = start()) {
            HttpResponse<String> refused = get(server.uri().resolve("refused"));
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).isEqualTo("{\"error\":\"run: not yet\"}");
            HttpResponse<String> broken = get(server.uri().resolve("broken"));
            assertThat(broken.statusCode()).isEqualTo(500);
            assertThat(broken.body()).doesNotContain("secret");
            assertThat(get(server.uri().resolve("absent")).statusCode()).isEqualTo(404);
            assertThat(get(server.uri()).body()).isEqualTo("one");
        }
    }

    @Test
    void answersOnlyForThisMachinesNames() throws Exception {
        try (DocumentServer server = start()) {
            assertThat(Wire.ask(server.uri(), "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
                            .status())
                    .isEqualTo(421);
        }
    }

    @Test
    void saysThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> DocumentServer.start(port, "1.0", List.of()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("127.0.0.1:" + port + ": can't listen here: ");
        }
    }
}
