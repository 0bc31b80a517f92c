package dev.changeling.server;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Finds the route that a request asks for, and sees to it that the request may have it. */
final class Router extends Handler.Abstract.NonBlocking {
    private final Map<String, Route> routes;
    private final String unknownPath;
    private final Access access;
    private final Limits limits;
    private final Deadlines deadlines;

    /**
     * @param unknownPath what a request for a path that is not there is told
     * @param access asked for each request, before anything else
     */
    Router(List<Route> routes, String unknownPath, Access access, Limits limits, Deadlines deadlines) {
        this.routes = routes.stream().collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
        this.unknownPath = unknownPath;
        this.access = access;
        this.limits = limits;
        this.deadlines = deadlines;
    }

    /** Returns the paths that there are. */
    List<String> paths() {
        return routes.keySet().stream().sorted().toList();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            access.checkHost(request);
            route(request).action().run(request, response, callback);
        } catch (Refusal refusal) {
            refuse(refusal, request, response, callback);
        }
        return true;
    }

    private void refuse(Refusal refusal, Request request, Response response, Callback callback) {
        if (request.getLength() > 0 && request.getLength() <= limits.bodyBytes()) {
            // A client that is in the middle of its body would not hear an answer after which the connection is closed.
            deadlines.start(request.getConnectionMetaData().getConnection());
            Content.Source.consumeAll(
                    request,
                    Callback.from(
                            () -> Answer.refusal(refusal, response, callback),
                            failure -> Answer.refusal(refusal, response, callback)));
        } else {
            Answer.refusal(refusal, response, callback);
        }
    }

    private Route route(Request request) {
        Route route = routes.get(Request.getPathInContext(request));
        if (route == null) {
            throw new Refusal(HttpStatus.NOT_FOUND_404, unknownPath);
        }
        if (!route.takes(request.getMethod())) {
            throw new Refusal(
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    route.path() + " takes " + route.allowed(),
                    Map.of(HttpHeader.ALLOW, route.allowed()));
        }
        if (route.needsToken()) {
            access.checkToken(request);
        }
        return route;
    }
}
