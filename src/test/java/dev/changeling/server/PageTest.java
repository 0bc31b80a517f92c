package dev.changeling.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.Chromium;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page in a real browser. Skips where there is none; the environment's CHROMIUM may name one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageTest {
    private static final String WORDS = "document.querySelectorAll('#reading .word')";
    private static final Pattern WORD = Pattern.compile("\\p{L}+|[^\\p{L}\\s]");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Chromium browser;
    private TextServer server;

    /** A token of a text as the model of this test sees it: bananas are suspicious. */
    private record Token(String text, int start, int end, double replaced, List<Map<String, Object>> expected) {}

    private record Result(String text, List<Token> words, List<Token> tokens) {}

    @BeforeAll
    void open(@TempDir Path profile) throws Exception {
        Optional<Path> program = Chromium.find();
        assumeTrue(program.isPresent(), "no Chromium on the path, and CHROMIUM names none");
        browser = new Chromium(program.orElseThrow(), profile);
    }

    @AfterAll
    void quit() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        serve(null, bananas(), List.of());
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
    }

    private List<Service> bananas() {
        return List.of(Service.ofTexts("/detect", "Finds bananas", "{}", texts -> {
            asked.addAll(texts);
            return texts.stream().map(PageTest::result).toList();
        }));
    }

    private void serve(
            @org.jspecify.annotations.Nullable String token, List<Service> services, List<MissingService> missing)
            throws Exception {
        end();
        server = TextServer.start(TestServers.settings(TestServers.limits(), token), services, missing);
        browser.size(1000, 800);
        browser.scheme("light");
        browser.open(server.uri());
    }

    private static Result result(String text) {
        List<Token> words = new ArrayList<>();
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            String word = matcher.group();
            boolean isBanana = word.equals("banana");
            List<Map<String, Object>> expected = isBanana
                    ? List.of(
                            Map.of("text", "<b>sea</b>", "probability", 0.4), Map.of("text", "sky", "probability", 0.1))
                    : List.of();
            words.add(new Token(word, matcher.start(), matcher.end(), isBanana ? 0.9 : 0.05, expected));
            for (int i = matcher.start(); i < matcher.end(); i++) {
                tokens.add(new Token(text.substring(i, i + 1), i, i + 1, 0.5, List.of()));
            }
        }
        return new Result(text, words, tokens);
    }

    private void write(String text) throws Exception {
        browser.value("(text => { text.focus(); text.select() })(document.getElementById('text'))");
        browser.type(text);
        browser.await("document.getElementById('reading').textContent === " + json(text)
                + " && !document.querySelector('.stale')");
    }

    private static String json(String text) {
        return tools.jackson.databind.json.JsonMapper.shared().writeValueAsString(text);
    }

    private JsonNode words(String property) throws Exception {
        return browser.value("[..." + WORDS + "].map(word => word." + property + ")");
    }

    @Test
    void readsAnExampleAtOnceAndNamesItsModel() throws Exception {
        browser.await(WORDS + ".length > 3");

        assertThat(browser.text("#model")).isEqualTo("a model");
        assertThat(browser.value("reading.textContent"))
                .isEqualTo(browser.value("document.querySelector('#examples button').textContent"));
        write("I ate a banana.");
        assertThat(browser.text("#summary")).isEqualTo("Most suspected: banana, 90 %");
    }

    @Test
    void marksWhatIsWrittenByColourLineAndLabel() throws Exception {
        write("I ate a  banana.");

        assertThat(words("textContent").toString()).isEqualTo("[\"I\",\"ate\",\"a\",\"banana\",\".\"]");
        JsonNode labels = words("ariaLabel");
        assertThat(labels.path(0).asString()).isEqualTo("I, replaced 5 %");
        assertThat(labels.path(3).asString()).isEqualTo("banana, replaced 90 %; expected <b>sea</b> 40 %, sky 10 %");
        JsonNode backgrounds = browser.value("[..." + WORDS + "].map(word => getComputedStyle(word).backgroundColor)");
        assertThat(backgrounds.path(3).asString())
                .isNotEqualTo(backgrounds.path(0).asString());
        JsonNode lines =
                browser.value("[..." + WORDS + "].map(word => Number(word.style.getPropertyValue('--line-width')))");
        assertThat(lines.path(3).asInt()).isGreaterThan(lines.path(0).asInt());
    }

    @Test
    void asksOnceForWhatIsTypedInOneGo() throws Exception {
        browser.await(WORDS + ".length > 3");
        write("x");
        asked.clear();
        browser.value("(text => { text.focus(); text.select() })(document.getElementById('text'))");
        browser.value("'the sea'.split('').forEach((_, i) => {"
                + " text.value = 'the sea'.slice(0, i + 1); text.dispatchEvent(new Event('input')) })");
        browser.await("document.getElementById('reading').textContent === 'the sea'");

        assertThat(asked).containsExactly("the sea");
    }

    @Test
    void showsWhatWasExpectedUnderThePointer() throws Exception {
        write("a banana");
        browser.hover(WORDS + "[1]");
        browser.await("!document.getElementById('bubble').hidden");

        assertThat(browser.text("#bubble"))
                .contains("banana", "90 %", "The generator expected", "<b>sea</b>", "40 %", "sky", "10 %");
        browser.hover(WORDS + "[0]");
        browser.await("document.getElementById('bubble').innerText.includes('5 %')");
        assertThat(browser.text("#bubble")).doesNotContain("expected");
        browser.hover("document.querySelector('h1')");
        browser.await("document.getElementById('bubble').hidden");
    }

    @Test
    void needsNoPointer() throws Exception {
        write("one two banana");
        for (int i = 0; i < 3; i++) {
            browser.press("Tab"); // words or tokens, numbers, the first word
        }
        assertThat(browser.value("document.activeElement.textContent").asString())
                .isEqualTo("one");
        browser.press("End");
        assertThat(browser.value("document.activeElement.textContent").asString())
                .isEqualTo("banana");
        assertThat(browser.text("#bubble")).contains("sky");
        browser.press("ArrowLeft");
        assertThat(browser.value("document.activeElement.textContent").asString())
                .isEqualTo("two");
        browser.press("Escape");
        assertThat(browser.value("document.getElementById('bubble').hidden").asBoolean())
                .isTrue();
        browser.press("Tab");
        assertThat(browser.value("document.activeElement.closest('#examples') !== null")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void showsTokensAndNumbers() throws Exception {
        write("ab c");
        browser.value("document.querySelector('[value=tokens]').click()");
        assertThat(words("textContent").toString()).isEqualTo("[\"a\",\"b\",\"c\"]");
        browser.value("document.getElementById('numbers').click()");
        assertThat(browser.value("getComputedStyle(" + WORDS + "[0], '::after').content")
                        .asString())
                .isEqualTo("\"50\"");
    }

    @Test
    void showsTextAsTextWhateverItHolds() throws Exception {
        String hostile = "<img src=x onerror=\"document.title='owned'\"> \uD83D\uDE00 عربي\n& <script>";
        write(hostile);

        assertThat(browser.value("document.querySelectorAll('#reading img, #reading script').length")
                        .asInt())
                .isZero();
        assertThat(browser.value("document.title").asString()).isEqualTo("Changeling");
    }

    @Test
    void saysWhatWentWrong() throws Exception {
        browser.await(WORDS + ".length > 3");
        browser.value("text.value = 'x'.repeat(101); text.dispatchEvent(new Event('input'))");
        browser.await("!document.getElementById('error').hidden");
        assertThat(browser.text("#error")).isEqualTo("text has 101 characters; at most 100 are taken");

        write("better");
        assertThat(browser.value("document.getElementById('error').hidden").asBoolean())
                .isTrue();

        server.close();
        browser.value("text.value = 'gone'; text.dispatchEvent(new Event('input'))");
        browser.await("document.getElementById('error').innerText.includes('does not answer')");
    }

    @Test
    void asksForTheTokenOfTheServer() throws Exception {
        serve("s3cret", bananas(), List.of());
        browser.await("!document.getElementById('token-form').hidden");
        assertThat(browser.text("#error")).isEqualTo("the server asks for a token");

        browser.value("document.getElementById('token').value = 's3cret'");
        browser.value("document.querySelector('#token-form button').click()");
        browser.await(WORDS + ".length > 3");
        assertThat(browser.value("document.getElementById('token-form').hidden").asBoolean())
                .isTrue();
    }

    @Test
    void fitsANarrowScreenInBothSchemes() throws Exception {
        browser.size(320, 640);
        write("a banana with averyveryveryveryveryverylongwordthatdoesnotfit");
        browser.hover(WORDS + "[1]");
        browser.await("!document.getElementById('bubble').hidden");

        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(320);
        String light =
                browser.value("getComputedStyle(document.body).backgroundColor").asString();
        browser.scheme("dark");
        assertThat(browser.value("getComputedStyle(document.body).backgroundColor")
                        .asString())
                .isNotEqualTo(light);
    }

    private void servePredictions(Map<String, Object> said) throws Exception {
        serve(
                null,
                List.of(Service.ofTexts("/predict", "Says something", "{}", texts -> List.of(said))),
                List.of(new MissingService("/detect", "it has no such head")));
        browser.await("document.getElementById('question').textContent === 'What does the model say?'");
        browser.value("text.value = 'a banana'; text.dispatchEvent(new Event('input'))");
        browser.await("document.querySelector('#reading *')");
    }

    @Test
    void showsWhatAFineTunedModelSays() throws Exception {
        servePredictions(
                Map.of("label", "9", "probability", 0.7, "probabilities", Map.of("1", 0.1, "9", 0.7, "5", 0.2)));
        assertThat(browser.value("[...document.querySelectorAll('#reading li')].map(item => item.textContent)"))
                .isEqualTo(
                        tools.jackson.databind.json.JsonMapper.shared().readTree("[\"970 %\", \"520 %\", \"110 %\"]"));
        assertThat(browser.value("document.querySelectorAll('.of-words:not([hidden])').length")
                        .asInt())
                .isZero();

        servePredictions(Map.of("words", List.of("a", "<b>"), "tags", List.of("O", "B-x")));
        assertThat(browser.value("document.getElementById('reading').textContent")
                        .asString())
                .isEqualTo("aO <b>B-x ");
    }

    @Test
    void asksAQuestionOfAText() throws Exception {
        List<TextInput> inputs = new CopyOnWriteArrayList<>();
        serve(
                null,
                List.of(new Service(
                        "/predict",
                        "Answers",
                        new Service.Companion("question", "What is asked.", true),
                        "{}",
                        given -> {
                            inputs.addAll(given);
                            return List.of(Map.of(
                                    "text", "a <b> banana", "answer", "<b>", "start", 2, "end", 5, "score", 1.5));
                        })),
                List.of(new MissingService("/detect", "it has no such head")));
        browser.await("document.getElementById('question').textContent === 'What does the model say?'");
        assertThat(browser.text("#companion-name")).isEqualTo("What is asked");
        browser.value("text.value = 'a <b> banana'; text.dispatchEvent(new Event('input'))");
        browser.value("companion.focus()");
        browser.type("which?");
        browser.await("document.querySelector('#reading mark')");

        assertThat(browser.text("#reading mark")).isEqualTo("<b>");
        assertThat(browser.value("document.getElementById('reading').textContent")
                        .asString())
                .isEqualTo("a <b> banana");
        assertThat(browser.text("#summary")).isEqualTo("The answer: <b>, score 1.50");
        assertThat(inputs).last().isEqualTo(new TextInput("a <b> banana", "which?"));
        assertThat(inputs).noneMatch(input -> input.companion() == null);
    }

    @Test
    void saysPlainlyThatThereIsNothingToShow() throws Exception {
        serve(null, List.of(), List.of(new MissingService("/detect", "it has no such head")));
        browser.await("document.getElementById('sheet').hidden");
        assertThat(browser.text("#hint")).contains("/detect: Not here: it has no such head.");
        assertThat(browser.value("document.getElementById('error').hidden").asBoolean())
                .isTrue();
    }
}
