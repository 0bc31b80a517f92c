package dev.changeling.server;

import dev.changeling.page.PageResource;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** The page for people, and the files that it is made of. They hold no secrets, so they need no token. */
final class Page {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String STYLE = "text/css; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";

    private Page() {}

    static List<Route> routes() {
        return List.of(
                route("/", own("index.html"), "text/html; charset=utf-8"),
                route("/base.css", PageResource.style(), STYLE),
                route("/page.css", own("page.css"), STYLE),
                route("/base.js", PageResource.script(), SCRIPT),
                route("/page.js", own("page.js"), SCRIPT),
                route("/icon.svg", own("icon.svg"), "image/svg+xml"));
    }

    private static byte[] own(String name) {
        return PageResource.read(Page.class, "page/" + name);
    }

    private static Route route(String path, byte[] content, String type) {
        return Route.get(path, false, (request, response, callback) -> {
            HttpFields.Mutable fields = response.getHeaders();
            fields.put("Content-Security-Policy", POLICY);
            fields.put("Referrer-Policy", "no-referrer");
            fields.put("Cross-Origin-Opener-Policy", "same-origin");
            fields.put("Cross-Origin-Resource-Policy", "same-origin");
            fields.put(HttpHeader.CACHE_CONTROL, "no-cache");
            Answer.write(200, type, content, response, callback);
        });
    }
}
