package dev.changeling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.Chromium;
import dev.changeling.config.ConfigLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DashboardTest {
    @TempDir
    private Path folder;

    private Path run() throws IOException {
        Path run = Files.createDirectories(folder.resolve("run"));
        Files.writeString(
                run.resolve("config.yaml"), ConfigLoader.load("tiny", List.of()).toYaml());
        return run;
    }

    private static void add(Path run, int from, int to) throws IOException {
        Files.writeString(
                run.resolve("metrics.jsonl"),
                IntStream.rangeClosed(from, to)
                        .mapToObj(step ->
                                String.format(Locale.ROOT, "{\"step\":%d,\"mlm_loss\":%.4f}%n", step, 9 - step / 50.0))
                        .collect(Collectors.joining()),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static HttpResponse<String> get(URI address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void showsARunFromItsFirstMomentToItsLast() throws Exception {
        Path run = run();
        try (Dashboard dashboard = Dashboard.open(0, run)) {
            URI address = dashboard.begin();
            URI data = address.resolve("data.json");

            assertThat(get(address).body()).startsWith("<!doctype html>").contains("connect-src 'self'");
            assertThat(JsonMapper.shared()
                            .readTree(get(data).body())
                            .at("/runs/0/step")
                            .asInt())
                    .isZero();
            add(run, 1, 20);
            JsonNode later = JsonMapper.shared().readTree(get(data).body());
            assertThat(later.at("/runs/0/step").asInt()).isEqualTo(20);
            assertThat(later.at("/runs/0/series/mlm_loss/mean")).hasSize(20);
            assertThat(later.at("/live").asBoolean()).isTrue();
        }
    }

    @Test
    void showsNothingOfWhatWasThereBeforeTheRunBegins() throws Exception {
        Path run = run();
        add(run, 1, 20);
        try (Dashboard dashboard = Dashboard.open(0, run)) {
            URI address = dashboard.uri();

            assertThat(get(address).statusCode()).isEqualTo(503);
            assertThat(get(address).body()).contains("the run has not begun yet");
            dashboard.begin();
            assertThat(get(address).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keepsThePageUpToDateAndTheReaderWhereSheIs(@TempDir Path profile) throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(program.isPresent(), "no Chromium on the path, and CHROMIUM names none");
        Path run = run();
        add(run, 1, 30);
        try (Chromium browser = new Chromium(program.orElseThrow(), profile)) {
            try (Dashboard dashboard = Dashboard.open(0, run)) {
                browser.size(800, 500);
                browser.open(dashboard.begin());
                assertThat(browser.text("#status")).startsWith("live");
                browser.value("window.figure = document.querySelector('[data-chart=mlm_loss]')");
                browser.value("figure.querySelector('.plot[tabindex]').focus()");
                browser.press("Home");
                browser.value("scrollTo(0, 300)");

                add(run, 31, 60);
                browser.await("document.getElementById('lead').textContent.includes('Step 60 ')");

                assertThat(browser.value("scrollY").asInt()).isEqualTo(300);
                assertThat(browser.value("figure.isConnected").asBoolean()).isTrue();
                assertThat(browser.value("figure.contains(document.activeElement)")
                                .asBoolean())
                        .isTrue();
                assertThat(browser.value("figure.querySelector('.at').textContent")
                                .asString())
                        .isEqualTo("step 1");
            }
            browser.await("document.getElementById('status').textContent.startsWith('no answer')");
            assertThat(browser.text("#lead")).contains("Step 60");
        }
    }

    @Test
    void refusesAPortThatIsTakenBeforeAnythingIsWritten() throws Exception {
        Path out = folder.resolve("new");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun pretrain = CommandRun.of(
                    "pretrain",
                    "--config",
                    "debug",
                    "--data",
                    folder.resolve("shards").toString(),
                    "--out",
                    out.toString(),
                    "--dashboard",
                    Integer.toString(taken.getLocalPort()));

            assertThat(pretrain.code()).isEqualTo(ExitCode.FAILED);
            assertThat(pretrain.err())
                    .contains("127.0.0.1:" + taken.getLocalPort() + ": can't listen here")
                    .hasLineCount(1);
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void refusesWhatIsNoPort() {
        CommandRun pretrain =
                CommandRun.of("pretrain", "--config", "debug", "--data", "x", "--out", "y", "--dashboard", "70000");

        assertThat(pretrain.code()).isEqualTo(ExitCode.USAGE);
        assertThat(pretrain.err()).contains("found '70000', expected a port: 0 to 65535");
    }
}
