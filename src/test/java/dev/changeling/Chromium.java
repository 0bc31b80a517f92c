package dev.changeling;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A page in a headless Chromium, driven through the DevTools protocol (chromedevtools.github.io/devtools-protocol). */
public final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private String session = "";

    /** Returns the program that the environment's CHROMIUM names, or one on the path. */
    public static Optional<Path> find() {
        String named = System.getenv("CHROMIUM");
        Stream<Path> candidates = named != null
                ? Stream.of(Path.of(named))
                : Stream.of(System.getenv("PATH").split(":"))
                        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
        return candidates.filter(Files::isExecutable).findFirst();
    }

    /** @param profile an empty folder */
    public Chromium(Path program, Path profile) throws Exception {
        ProcessBuilder start = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--hide-scrollbars",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true);
        // It leaves sockets there.
        start.environment().put("TMPDIR", profile.toString());
        process = start.start();
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address(log), new Answers())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Thread drain = new Thread(() -> log.lines().forEach(line -> {}), "browser's log");
        drain.setDaemon(true);
        drain.start();
        String target = send("Target.createTarget", Map.of("url", "about:blank"))
                .path("targetId")
                .asString();
        session = send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .path("sessionId")
                .asString();
        send("Page.enable", Map.of());
        send("Runtime.enable", Map.of());
    }

    private static URI address(BufferedReader log) throws IOException {
        Pattern listening = Pattern.compile("DevTools listening on (ws://\\S+)");
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            Matcher matcher = listening.matcher(line);
            if (matcher.find()) {
                return URI.create(matcher.group(1));
            }
        }
        throw new IOException("the browser ended");
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
            message.append(part);
            if (isLast) {
                JsonNode answer = JsonMapper.shared().readTree(message.toString());
                message.setLength(0);
                CompletableFuture<JsonNode> waiting =
                        asked.remove(answer.path("id").asInt(-1));
                if (waiting != null) {
                    waiting.complete(answer);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }
    }

    /** Returns the result of a command of the protocol. */
    public JsonNode send(String method, Map<String, ?> parameters) throws Exception {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        Map<String, Object> command = new java.util.TreeMap<>(Map.of("id", id, "method", method, "params", parameters));
        if (!session.isEmpty()) {
            command.put("sessionId", session);
        }
        socket.sendText(JsonMapper.shared().writeValueAsString(command), true).get();
        JsonNode content = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (content.has("error")) {
            throw new IOException(method + ": " + content.path("error"));
        }
        return content.path("result");
    }

    public void open(URI address) throws Exception {
        send("Page.navigate", Map.of("url", address.toString()));
        await("document.readyState === 'complete'");
    }

    /** Returns the value of an expression in the page. */
    public JsonNode value(String expression) throws Exception {
        JsonNode result = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IOException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    public String text(String selector) throws Exception {
        return value("document.querySelector('" + selector + "').innerText").asString();
    }

    /** Waits until an expression is true. */
    public void await(String condition) throws Exception {
        Instant late = Instant.now().plus(PATIENCE);
        while (!value("Boolean(" + condition + ")").asBoolean()) {
            if (Instant.now().isAfter(late)) {
                throw new AssertionError(
                        "never true: " + condition + "; the page: " + value("document.body.innerText"));
            }
            Thread.sleep(20);
        }
    }

    public void size(int width, int height) throws Exception {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", width < 600));
    }

    public void scheme(String lightOrDark) throws Exception {
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", lightOrDark))));
    }

    public void type(String text) throws Exception {
        send("Input.insertText", Map.of("text", text));
    }

    /** @param key as KeyboardEvent.key has it: Tab, ArrowRight */
    public void press(String key) throws Exception {
        Map<String, Integer> codes =
                Map.of("Tab", 9, "Enter", 13, "Escape", 27, "End", 35, "Home", 36, "ArrowLeft", 37, "ArrowRight", 39);
        for (String kind : List.of("rawKeyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    Map.of("type", kind, "key", key, "code", key, "windowsVirtualKeyCode", codes.get(key)));
        }
    }

    /** Moves the pointer over the middle of an element. */
    public void hover(String element) throws Exception {
        JsonNode box = value("(({x, y, width, height}) => [x + width / 2, y + height / 2])(" + element
                + ".getBoundingClientRect())");
        send(
                "Input.dispatchMouseEvent",
                Map.of(
                        "type",
                        "mouseMoved",
                        "x",
                        box.path(0).asDouble(),
                        "y",
                        box.path(1).asDouble()));
    }

    /** Writes what the page looks like, as a PNG. */
    public void picture(Path file) throws Exception {
        String data = send("Page.captureScreenshot", Map.of("format", "png"))
                .path("data")
                .asString();
        Files.write(file, Base64.getDecoder().decode(data));
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
