package dev.changeling.server;

import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/** The page for people, and the files that it is made of. They hold no secrets, so they need no token. */
final class Page {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Page() {}

    static List<Route> routes() {
        return List.of(
                file("/", "index.html", "text/html; charset=utf-8"),
                file("/page.css", "page.css", "text/css; charset=utf-8"),
                file("/page.js", "page.js", "text/javascript; charset=utf-8"),
                file("/icon.svg", "icon.svg", "image/svg+xml"));
    }

    private static Route file(String path, String resource, String type) {
        byte[] content = ServerResource.read("page/" + resource);
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
