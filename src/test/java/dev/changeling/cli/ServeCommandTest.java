package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServeCommandTest {
    private static final int PATIENCE = 120; // seconds
    private static final int TERMINATED = 143;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();
    private Path folder = Path.of("");
    private String model = "";

    @BeforeAll
    void writeAModel(@TempDir Path temporary) throws IOException {
        folder = temporary;
        model = TestExports.write(temporary, 5).toString();
    }

    @AfterEach
    void leaveNoProcessBehind() {
        started.forEach(Process::destroyForcibly);
        started.clear();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void servesAModelUntilItIsTold() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "s3cret\n");
        Process process = start("serve", "--model", model, "--port", "0", "--token-file", token.toString());
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = String.valueOf(out.readLine());
            assertThat(line).startsWith("serving " + model + " at http://127.0.0.1:");
            URI uri = URI.create(line.substring(line.indexOf("http:")));

            HttpResponse<String> refused = post(uri.resolve("detect"), "none", "{\"text\": \"the cat\"}");
            assertThat(refused.statusCode()).isEqualTo(401);

            HttpResponse<String> answer = post(uri.resolve("detect"), "s3cret", "{\"text\": \"the unlikely cat\"}");
            assertThat(answer.statusCode()).isEqualTo(200);
            JsonNode result = JsonMapper.shared().readTree(answer.body()).at("/results/0");
            assertThat(result).isEqualTo(detected("the unlikely cat"));

            assertThat(post(uri.resolve("predict"), "s3cret", "{\"text\": \"a\"}")
                            .statusCode())
                    .isEqualTo(501);

            HttpResponse<String> vectors =
                    post(uri.resolve("embed"), "s3cret", "{\"texts\": [\"the cat\", \"the unlikely cat\"]}");
            assertThat(vectors.statusCode()).isEqualTo(200);
            assertThat(JsonMapper.shared().readTree(vectors.body()).at("/results/1"))
                    .isEqualTo(embedded("the unlikely cat"));

            process.toHandle().destroy(); // unlike its own, leaves the streams open
            assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(TERMINATED);
            assertThat(process.errorReader(StandardCharsets.UTF_8).lines()).isEmpty();
        }
    }

    /** Returns what the verb {@code detect} says. */
    private JsonNode detected(String text) {
        return JsonMapper.shared()
                .readTree(CommandRun.of(
                                "detect", "--model", model, "--json", "--candidates", "5", "--threshold", "0.25", text)
                        .out());
    }

    /** Returns what the verb {@code embed} says. */
    private JsonNode embedded(String text) {
        return JsonMapper.shared()
                .readTree(CommandRun.of("embed", "--model", model, text).out())
                .get("embedding");
    }

    private HttpResponse<String> post(URI uri, String token, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        started.add(process);
        return process;
    }

    @Test
    void aGeneratorAndNoneAreRefusedAsDetectRefusesThem() {
        List<String> options = List.of("--model", "none", "--generator", "a", "--no-generator");
        CommandRun serve = run("serve", options);
        assertThat(serve.err())
                .contains("mutually exclusive")
                .isEqualTo(run("detect", options).err().replace("detect --help", "serve --help"));
        assertThat(serve.code()).isEqualTo(ExitCode.USAGE);
        assertThat(serve.out()).isEmpty();
    }

    private static CommandRun run(String verb, List<String> options) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add(0, verb);
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--port 99999       | found '99999', expected a port: 0 to 65535",
                "--port http        | found 'http', expected a port: 0 to 65535",
                "--max-texts 0      | found '0', expected a whole number from 1",
                "--max-body 9999999 | --max-body is 9999999, expected at least 1 and at most 65536",
                "--max-queue 9      | --max-queue is 9, expected at least 64",
                "--batch-wait -1    | --batch-wait is -1, expected at least 0 and at most 1000",
                "--timeout 999999   | --timeout is 999999, expected at least 1 and at most 86400"
            })
    void refusesNumbersOutOfRange(String option, String expected) {
        String[] nameAndValue = option.split(" ");
        CommandRun run = CommandRun.of("serve", "--model", model, nameAndValue[0], nameAndValue[1]);

        assertThat(run.err()).contains(expected);
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void saysWhatIsWrongWithAToken() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), " \n");
        Path two = Files.writeString(folder.resolve("two"), "two words");

        assertThat(serve("--token-file", empty.toString()))
                .isEqualTo("changeling: " + empty + ": found nothing, expected a token: one word of ASCII");
        assertThat(serve("--token-file", two.toString()))
                .isEqualTo("changeling: " + two
                        + ": found spaces or letters beyond ASCII, expected a token: one word of ASCII");
        assertThat(serve("--token-file", folder.resolve("none").toString()))
                .contains("none: can't be read: no such file");
    }

    @Test
    void saysThatItCanNotListen() {
        assertThat(serve("--host", "no.such.host.invalid")).isEqualTo("changeling: no.such.host.invalid: no such host");
    }

    private String serve(String option, String value) {
        CommandRun run = CommandRun.of("serve", "--model", model, "--port", "0", option, value);
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        return run.err().strip();
    }
}
