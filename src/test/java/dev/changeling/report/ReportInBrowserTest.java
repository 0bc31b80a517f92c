package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.Chromium;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, out of a file. Skips where there is none; the environment's CHROMIUM may name one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportInBrowserTest {
    private static final List<String> TOKENS = List.of("[CLS]", "the", "cat", "sea", "king", "##dom", "</script><b>");
    private static final List<String> ORIGINALS = List.of("[CLS]", "a", "cat", "sea", "king", "##ly", "</script><b>");

    @TempDir
    private Path folder;

    private Chromium browser;

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
    void reset() throws Exception {
        browser.size(1280, 1000);
        browser.scheme("light");
    }

    private Path run(String name, int steps) {
        Path run = TestRuns.of(folder.resolve(name), steps, TestRuns::well);
        TestRuns.add(run.resolve("metrics.jsonl"), TestRuns.line(steps, Map.of("heldout_rtd_loss", .4)));
        TestRuns.add(run.resolve("samples.jsonl"), TestRuns.sample(0, TOKENS, ORIGINALS));
        TestRuns.add(run.resolve("samples.jsonl"), TestRuns.sample(steps, ORIGINALS, ORIGINALS));
        return run;
    }

    private void show(Path... runs) throws Exception {
        Path file = folder.resolve("report.html");
        Files.write(
                file,
                ReportPage.of(
                        java.util.stream.Stream.of(runs).map(RunHistory::read).toList()));
        browser.open(file.toUri());
    }

    private int count(String selector) throws Exception {
        return browser.value("document.querySelectorAll('" + selector + "').length")
                .asInt();
    }

    private String in(String chart, String property) throws Exception {
        return browser.value("document.querySelector('[data-chart=" + chart + "]')." + property)
                .asString();
    }

    @Test
    void tellsTheHealthTheScoresAndTheCurves() throws Exception {
        show(run("run", 1_000));

        assertThat(browser.text("h1")).isEqualTo("run");
        assertThat(browser.text(".verdict")).startsWith("Healthy");
        assertThat(browser.text(".reason")).contains("AUC 0.8");
        assertThat(browser.text("#scores")).contains("RTD loss, nats", "0.4000");
        assertThat(count("#curves figure")).isEqualTo(7);
        // Drawn, and in its frame: from the first step on the left to the last on the right.
        JsonNode box = browser.value("(({x, width, height}) => [x, width, height])("
                + "document.querySelector('[data-chart=mlm_loss] path.line').getBBox())");
        assertThat(box.path(1).asDouble()).isGreaterThan(350);
        assertThat(box.path(2).asDouble()).isGreaterThan(100);
        assertThat(count("[data-chart=rtd_loss] path.line")).isEqualTo(2);
        assertThat(count("[data-chart=rtd_loss] circle.held")).isEqualTo(1);
        assertThat(in("rtd_loss", "innerText")).contains("RTD loss", "nats", "always the majority", "held-out");
        assertThat(in("rtd_loss", "textContent")).contains("steps", "500");
    }

    @Test
    void needsNoPointerToReadValuesOff() throws Exception {
        show(run("run", 1_000));
        browser.value("document.querySelector('[data-chart=rtd_auc] .plot[tabindex]').focus()");
        browser.press("Home");
        browser.press("ArrowRight");

        assertThat(browser.text("#readout")).contains("area under ROC, step 20: training 0.5");
        assertThat(in("mlm_loss", "querySelector('.at').textContent")).isEqualTo("step 20");
        browser.press("Escape");
        assertThat(in("mlm_loss", "querySelector('.at').textContent")).isEmpty();
    }

    @Test
    void readsValuesOffUnderThePointer() throws Exception {
        show(run("run", 1_000));
        String before = in("rtd_auc", "querySelector('.lines').innerText");
        browser.value("document.querySelector('[data-chart=rtd_auc]').scrollIntoView({block: 'center'})");
        browser.hover("document.querySelector('[data-chart=rtd_auc] .plot[tabindex]')");
        browser.await("/step 4\\d0/.test(document.querySelector('[data-chart=rtd_auc] .at').textContent)");

        assertThat(in("rtd_auc", "querySelector('.lines').innerText")).isNotEqualTo(before);
    }

    @Test
    void smoothsAndTakesLogarithmsOnDemand() throws Exception {
        show(run("run", 1_000));
        String path = "document.querySelector('[data-chart=mlm_loss] path.line').getAttribute('d')";
        String linear = browser.value(path).asString();
        browser.value("document.getElementById('log-steps').click()");
        String logarithmic = browser.value(path).asString();
        browser.value("(slider => { slider.value = 0; slider.dispatchEvent(new Event('input')) })"
                + "(document.getElementById('smoothing'))");

        assertThat(logarithmic).isNotEqualTo(linear);
        assertThat(browser.value(path).asString()).isNotEqualTo(logarithmic);
        assertThat(browser.text("#smoothing-value")).isEqualTo("off");
        assertThat(count("[data-chart=mlm_loss] path.raw")).isZero();
    }

    @Test
    void showsSamplesThroughTime() throws Exception {
        show(run("run", 1_000));
        assertThat(browser.text("#sample-step-value")).isEqualTo("1,000");
        browser.value("(slider => { slider.value = 0; slider.dispatchEvent(new Event('input')) })"
                + "(document.getElementById('sample-step'))");

        assertThat(browser.text("#sample-step-value")).isEqualTo("0");
        assertThat(browser.text(".sample p"))
                .contains("of 3 masked tokens 2 were replaced", "found 2", "1 false alarm");
        assertThat(browser.text(".sequence")).isEqualTo("[CLS] the ← a cat sea kingdom ← ##ly </script><b>");
        assertThat(count(".sequence b")).isZero();
        JsonNode labels =
                browser.value("[...document.querySelectorAll('#samples .token')].map(token => token.ariaLabel)");
        assertThat(labels.path(1).asString()).isEqualTo("the, replaced 90 %; was a");
        assertThat(labels.path(3).asString()).isEqualTo("sea, replaced 90 %; was masked, and guessed right");
        assertThat(labels.path(2).asString()).isEqualTo("cat, replaced 10 %");
        JsonNode colours = browser.value(
                "[...document.querySelectorAll('#samples .token')].map(token => getComputedStyle(token).backgroundColor)");
        assertThat(colours.path(1).asString()).isNotEqualTo(colours.path(2).asString());

        browser.value("document.querySelector('#samples .token').focus()");
        browser.press("ArrowRight");
        assertThat(browser.text("#bubble")).contains("the", "90 %", "was a");
        browser.press("Escape");
        assertThat(browser.value("document.getElementById('bubble').hidden").asBoolean())
                .isTrue();
    }

    @Test
    void drawsTheDynamicsWhereThereAreSome() throws Exception {
        Path run = TestRuns.of(
                folder.resolve("run"),
                500,
                step -> TestRuns.but(
                        step,
                        Map.of(
                                "rtd_auc.rank_1_100", .8,
                                "rtd_auc.rank_over_10000", .6,
                                "grad_norm.generator.layer.0", 1.0 * step,
                                "grad_norm.generator.head", 2.0,
                                "grad_norm.shared.embeddings", 3.0,
                                "embedding_grad_angle", 95.0,
                                "something_new", 1.0)));
        show(run);

        assertThat(count("[data-group=frequency] figure")).isEqualTo(2);
        assertThat(browser.value("[...document.querySelectorAll('[data-chart=grad_norm-layers-0] .plot text')]"
                                + ".map(text => text.textContent).slice(0, 3)")
                        .toString())
                .isEqualTo("[\"shared embeddings\",\"generator layer 0\",\"generator head\"]");
        assertThat(count("[data-chart=grad_norm-layers-0] .cell")).isEqualTo(150);
        assertThat(in("embedding_grad_angle", "innerText")).contains("degrees", "95.0");
        assertThat(in("other-something_new", "innerText")).contains("something_new");
        // A row of small charts has one scale.
        assertThat(in("rtd_auc-rank_1_100", "querySelector('.axis + text').textContent"))
                .isEqualTo(in("rtd_auc-rank_over_10000", "querySelector('.axis + text').textContent"));
    }

    @Test
    void laysSeveralRunsOverOneAnother() throws Exception {
        show(run("one", 1_000), run("other", 600));

        assertThat(browser.text("h1")).isEqualTo("one, other");
        assertThat(count(".run")).isEqualTo(2);
        assertThat(count("[data-chart=mlm_loss] path.line")).isEqualTo(2);
        JsonNode colours = browser.value("[...document.querySelectorAll('[data-chart=mlm_loss] .curve')]"
                + ".map(curve => getComputedStyle(curve).color)");
        assertThat(colours.path(0)).isNotEqualTo(colours.path(1));
        assertThat(browser.text("#settings")).contains("training.steps").doesNotContain("learning_rate");
        assertThat(count(".sample")).isEqualTo(2);
        assertThat(in("mlm_loss", "innerText")).contains("one", "other");
    }

    @Test
    void fitsANarrowScreenInBothSchemes() throws Exception {
        browser.size(400, 800);
        show(run("run", 1_000));

        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(400);
        String background = "getComputedStyle(document.body).backgroundColor";
        String curve = "getComputedStyle(document.querySelector('.curve')).color";
        String light = browser.value(background).asString();
        String lightCurve = browser.value(curve).asString();
        browser.scheme("dark");
        assertThat(browser.value(background).asString()).isNotEqualTo(light);
        assertThat(browser.value(curve).asString()).isNotEqualTo(lightCurve);
    }
}
