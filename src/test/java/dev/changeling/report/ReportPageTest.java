package dev.changeling.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportPageTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private static String page(Path... folders) {
        List<RunHistory> runs =
                java.util.stream.Stream.of(folders).map(RunHistory::read).toList();
        return new String(ReportPage.of(runs), StandardCharsets.UTF_8);
    }

    private static JsonNode data(String page) {
        Matcher matcher = DATA.matcher(page);
        assertThat(matcher.find()).isTrue();
        return JsonMapper.shared().readTree(matcher.group(1));
    }

    @Test
    void loadsNothingFromAnywhere() {
        String page = page(TestRuns.of(folder.resolve("run"), 1_000, TestRuns::well));

        // The name of SVG's language is no address that anything is loaded from.
        assertThat(page.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http://", "https://", "//cdn", "@import", "url(\"", " src=", "<link");
        assertThat(page)
                .contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
                .contains("connect-src 'none'")
                .doesNotContain("unsafe-inline", "%data%", "%script%", "%style%", "%policy%");
        assertThat(Pattern.compile("(style|script)-src 'sha256-[A-Za-z0-9+/]{43}='")
                        .matcher(page)
                        .results())
                .hasSize(2);
    }

    @Test
    void holdsTheNumbersTheVerdictAndTheScores() {
        Path run = TestRuns.of(folder.resolve("run"), 1_000, TestRuns::well);
        TestRuns.add(run.resolve("metrics.jsonl"), TestRuns.line(1_000, Map.of("heldout_rtd_auc", .81)));

        JsonNode data = data(page(run));

        JsonNode first = data.at("/runs/0");
        assertThat(first.at("/name").asString()).isEqualTo("run");
        assertThat(first.at("/condition").asString()).isEqualTo("healthy");
        assertThat(first.at("/findings")).hasSize(5);
        assertThat(first.at("/series/rtd_auc/mean")).hasSize(100);
        assertThat(first.at("/series/rtd_auc/max").isNull()).isTrue();
        int grid = first.at("/series/rtd_auc/grid").asInt();
        assertThat(first.at("/grids/" + grid + "/0").asInt()).isEqualTo(10);
        assertThat(first.at("/scores_of").asString()).isEqualTo("held-out text, step 1,000");
        assertThat(data.at("/scores")).hasSize(1);
        assertThat(data.at("/scores/0/values/0").asDouble()).isEqualTo(.81);
        assertThat(data.at("/settings").toString()).contains("training.steps");
        assertThat(data.at("/live").asBoolean()).isFalse();
    }

    /** What has no colour looks as if nothing were the matter. */
    @Test
    void everyVerdictThatIsOneHasAColour() {
        Set<Condition> undecided = EnumSet.of(Condition.TOO_EARLY, Condition.NO_GAME, Condition.NOTHING_MEASURED);
        String page = page(TestRuns.of(folder.resolve("run"), 1_000, TestRuns::well));
        assertThat(EnumSet.complementOf(EnumSet.copyOf(undecided)))
                .allSatisfy(condition -> assertThat(page)
                        .contains(".run[data-state=" + condition.name().toLowerCase(Locale.ROOT) + "]"));
    }

    @Test
    void thinsALongRunAndKeepsItsExtremes() {
        Path run = TestRuns.of(
                folder.resolve("run"),
                20_000,
                step -> TestRuns.but(step, Map.of("grad_norm", step == 12_340 ? 99.0 : 1.0)));

        JsonNode data = data(page(run));

        assertThat(data.at("/runs/0/series/grad_norm/mean").size()).isBetween(250, 500);
        assertThat(data.at("/runs/0/series/grad_norm/max").toString()).contains("99");
    }

    @Test
    void givesTheMeansOfTheEndOfTrainingWhereNothingWasHeldOut() {
        Path run = TestRuns.of(
                folder.resolve("run"),
                1_000,
                step -> TestRuns.but(step, Map.of("rtd_auc", step <= 900 ? .1 : step == 1_000 ? .9 : .7)));

        JsonNode data = data(page(run));

        assertThat(data.at("/runs/0/scores_of").asString()).isEqualTo("training, mean up to step 1,000");
        assertThat(data.at("/scores").toString()).contains("\"name\":\"rtd_auc\"");
        data.at("/scores").forEach(row -> {
            if (row.path("name").asString().equals("rtd_auc")) {
                assertThat(row.at("/values/0").asDouble()).isCloseTo(.72, within(1e-9));
            }
        });
    }

    @Test
    void doesNotEndItsScriptWhereATokenSaysSo() {
        Path run = TestRuns.of(folder.resolve("run"), 200, TestRuns::well);
        List<String> hostile = List.of("</script><script>alert(1)</script>", "<!--", "$1\\", "%data%");
        TestRuns.add(run.resolve("samples.jsonl"), TestRuns.sample(0, hostile, List.of("a", "b", "c", "d")));

        String page = page(run);

        assertThat(page).doesNotContain("<script>alert");
        assertThat(Pattern.compile("</script>").matcher(page).results()).hasSize(2);
        JsonNode tokens = data(page).at("/runs/0/samples/0/sequences/0/tokens");
        assertThat(tokens.valueStream().map(JsonNode::asString)).containsExactlyElementsOf(hostile);
    }

    @Test
    void namesRunsApartAndShowsWhereTheyDiffer() {
        Path one = TestRuns.of(folder.resolve("one/run"), 200, TestRuns::well);
        Path other = TestRuns.of(folder.resolve("other/run"), 300, step -> Map.of("mlm_loss", 4.0));

        JsonNode data = data(page(one, other));

        assertThat(data.at("/runs/0/name").asString())
                .isEqualTo(Path.of("one", "run").toString());
        assertThat(data.at("/runs/1/name").asString())
                .isEqualTo(Path.of("other", "run").toString());
        assertThat(data.at("/settings")).hasSize(1);
        assertThat(data.at("/settings/0").toString())
                .isEqualTo("{\"key\":\"training.steps\",\"values\":[\"200\",\"300\"]}");
        data.at("/scores").forEach(row -> assertThat(row.path("values")).hasSize(2));
        assertThat(data.at("/scores/1/values/1").isNull()).isTrue();
    }
}
