package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
    @Test
    void countsByPathAndStatus() throws IOException {
        try (TextServer server = TestServers.start(TestServers.limits(), TestServers::lengths)) {
            URI uri = server.uri();
            Wire.ask(uri, Wire.post("/length", "{\"texts\": [\"one\", \"three\"]}"));
            Wire.ask(uri, Wire.post("/length", "{\"text\": \"one\"}"));
            Wire.ask(uri, Wire.post("/length", "no json"));
            Wire.ask(uri, Wire.get("/length"));
            Wire.ask(uri, Wire.get("/what/strangers/ask/for"));
            Wire.ask(uri, Wire.get("/wp-admin"));

            Reply reply = Wire.ask(uri, Wire.get("/metrics"));

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.fields().get("content-type")).startsWith("text/plain; version=0.0.4");
            assertThat(reply.body().lines())
                    .contains(
                            "# TYPE changeling_requests_total counter",
                            "changeling_requests_total{path=\"/length\",status=\"200\"} 2.0",
                            "changeling_requests_total{path=\"/length\",status=\"400\"} 1.0",
                            "changeling_requests_total{path=\"/length\",status=\"405\"} 1.0",
                            "changeling_requests_total{path=\"other\",status=\"404\"} 2.0",
                            "changeling_requests_in_flight 1.0",
                            "changeling_texts_total{path=\"/length\"} 3.0",
                            "changeling_characters_total{path=\"/length\"} 11.0",
                            "changeling_queued_texts{path=\"/length\"} 0.0",
                            "# TYPE changeling_request_duration_seconds histogram",
                            "changeling_request_duration_seconds_count{path=\"/length\"} 4",
                            "# TYPE changeling_batch_texts histogram",
                            "changeling_batch_texts_sum{path=\"/length\"} 3.0",
                            "changeling_batch_duration_seconds_count{path=\"/length\"} 2")
                    .noneMatch(line -> line.contains("strangers"));
        }
    }
}
