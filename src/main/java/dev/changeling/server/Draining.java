package dev.changeling.server;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.Callback;

/** Lets a server that ends finish what it has taken, and refuses the rest; tells people and probes of it. */
final class Draining extends GracefulHandler {
    private final String model;

    /** The answer of {@code GET /health}. */
    private record Health(String status, String model) {}

    /** @param model its name */
    Draining(Handler inner, String model) {
        super(inner);
        this.model = model;
    }

    /** Answers {@code GET /health}. */
    static Route health(String model) {
        return Route.get(
                "/health",
                false,
                (request, response, callback) ->
                        Answer.json(HttpStatus.OK_200, new Health("ready", model), response, callback));
    }

    @Override
    protected void handleShutdownRejection(Request request, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        if (Request.getPathInContext(request).equals("/health")) {
            Answer.json(HttpStatus.SERVICE_UNAVAILABLE_503, new Health("draining", model), response, callback);
        } else {
            Answer.refusal(Refusal.unavailable("the server is ending", 1), response, callback);
        }
    }
}
