package dev.changeling.report;

import dev.changeling.page.PageResource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page about one run, or several: one HTML file that loads nothing from anywhere. Its policy lets run the script
 * and the style that are in it, known by their hashes, and nothing that a token or a folder's name might smuggle in.
 */
public final class ReportPage {
    private static final List<String> SCRIPTS =
            List.of("words.js", "plot.js", "chart.js", "strip.js", "charts.js", "samples.js", "page.js");

    private ReportPage() {}

    /** Returns the page, as UTF-8, for a file. */
    public static byte[] of(List<RunHistory> runs) {
        return html(ReportData.of(runs, false), "'none'");
    }

    /** @param connect what the page may ask for more, in the terms of a content security policy */
    static byte[] html(ReportData data, String connect) {
        String style = text(PageResource.style()) + resource("page.css");
        String script = text(PageResource.script())
                + SCRIPTS.stream().map(ReportPage::resource).collect(Collectors.joining("\n"));
        String policy = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src '" + hash(style)
                + "'; script-src '" + hash(script) + "'; connect-src " + connect;
        return resource("page.html")
                .replace("%policy%", policy)
                .replace("%style%", style)
                .replace("%script%", script)
                .replace("%data%", data.json().replace("<", "\\u003c"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String hash(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String resource(String name) {
        return text(PageResource.read(ReportPage.class, name));
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
