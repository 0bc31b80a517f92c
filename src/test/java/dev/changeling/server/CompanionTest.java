package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.server.Wire.Reply;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What comes with a text: the second of a pair, which may, or a question, which must. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CompanionTest {
    private TextServer pairs;
    private TextServer questions;

    @BeforeAll
    void start() {
        pairs = TestServers.joining(new Service.Companion("second", "The second text.", false));
        questions = TestServers.joining(new Service.Companion("question", "What is asked.", true));
    }

    @AfterAll
    void end() {
        pairs.close();
        questions.close();
    }

    private static Reply ask(TextServer server, String body) throws IOException {
        return Wire.ask(server.uri(), Wire.post("/join", body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"text\": \"a\"}                                            | [\"a+null\"]",
                "{\"text\": \"a\", \"second\": \"b\"}                           | [\"a+b\"]",
                "{\"texts\": [\"a\", {\"text\": \"b\", \"second\": \"c\"}]}         | [\"a+null\",\"b+c\"]",
                "{\"texts\": [{\"text\": \"a\"}]}                               | [\"a+null\"]"
            })
    void whatMayComeIsPassedOn(String body, String results) throws IOException {
        assertThat(ask(pairs, body).json().path("results").toString()).isEqualTo(results);
    }

    @Test
    void whatMustComeIsPassedOn() throws IOException {
        assertThat(ask(questions, "{\"texts\": [{\"text\": \"a\", \"question\": \"b\"}]}")
                        .json()
                        .path("results")
                        .toString())
                .isEqualTo("[\"a+b\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "pairs | {\"text\": \"a\", \"question\": \"b\"} | found the keys [question, text]; expected {\"texts\": [\"...\", ...]} or {\"text\": \"...\"} or {\"text\": \"...\", \"second\": \"...\"}",
                "pairs | {\"texts\": [\"a\", 1]} | texts[1] is a number, expected a string or {\"text\": \"...\", \"second\": \"...\"}",
                "pairs | {\"texts\": [{\"second\": \"a\"}]} | texts[0]: found the keys [second]; expected a string or {\"text\": \"...\", \"second\": \"...\"}",
                "pairs | {\"texts\": [{\"text\": \"a\", \"second\": 1}]} | texts[0].second is a number, expected a string",
                "questions | {\"text\": \"a\"} | found the keys [text]; expected {\"texts\": [{\"text\": \"...\", \"question\": \"...\"}, ...]} or {\"text\": \"...\", \"question\": \"...\"}",
                "questions | {\"texts\": [\"a\"]} | texts[0] is a string, expected {\"text\": \"...\", \"question\": \"...\"}",
                "questions | {\"text\": \"a\", \"question\": \"b\\ud800\"} | question has half a surrogate pair at character 1"
            })
    void saysWhatIsWrong(String server, String body, String expected) throws IOException {
        Reply reply = ask(server.equals("pairs") ? pairs : questions, body);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).isEqualTo(expected);
    }

    @Test
    void aCompanionHasTheLimitOfATextAndIsCounted() throws IOException {
        Reply reply = ask(questions, "{\"text\": \"a\", \"question\": \"" + "b".repeat(101) + "\"}");
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.error()).startsWith("question has 101 characters");

        TextServer server = TestServers.joining(new Service.Companion("second", "The second text.", false));
        try (server) {
            ask(server, "{\"text\": \"ab\", \"second\": \"cde\"}");
            assertThat(Wire.ask(server.uri(), Wire.get("/metrics")).body())
                    .contains("changeling_characters_total{path=\"/join\"} 5.0");
        }
    }

    @Test
    void theDescriptionTellsOfIt() throws IOException {
        JsonNode optional = schema(pairs);
        assertThat(optional.at("/oneOf/0/required").toString()).isEqualTo("[\"text\"]");
        assertThat(optional.at("/oneOf/0/properties/second/description").asString())
                .isEqualTo("The second text.");
        assertThat(optional.at("/oneOf/1/properties/texts/items/anyOf").size()).isEqualTo(2);
        assertThat(optional.at("/oneOf/1/properties/texts/maxItems").asInt()).isEqualTo(8);

        JsonNode required = schema(questions);
        assertThat(required.at("/oneOf/0/required").toString()).isEqualTo("[\"text\",\"question\"]");
        assertThat(required.at("/oneOf/1/properties/texts/items/anyOf").toString())
                .contains("\"required\":[\"text\",\"question\"]");
        assertThat(required.at("/oneOf/1/properties/texts/items/anyOf").size()).isEqualTo(1);
    }

    private static JsonNode schema(TextServer server) throws IOException {
        return Wire.ask(server.uri(), Wire.get("/openapi.json"))
                .json()
                .at("/paths/~1join/post/requestBody/content/application~1json/schema");
    }
}
