package dev.changeling.server;

import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Counts and times the requests that pass through, and minds their connections' deadlines. */
final class Measured extends Handler.Wrapper {
    private static final String OTHER = "other";

    private final Set<String> paths;
    private final ServerMetrics metrics;
    private final Deadlines deadlines;

    /** @param paths that are counted by their name */
    Measured(Handler inner, Set<String> paths, ServerMetrics metrics, Deadlines deadlines) {
        super(inner);
        this.paths = Set.copyOf(paths);
        this.metrics = metrics;
        this.deadlines = deadlines;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Connection connection = request.getConnectionMetaData().getConnection();
        deadlines.cancel(connection);
        metrics.requestBegins();
        long start = System.nanoTime();
        String asked = Request.getPathInContext(request);
        String path = paths.contains(asked) ? asked : OTHER;
        Request.addCompletionListener(request, failure -> {
            metrics.requestEnds(path, response.getStatus(), Duration.ofNanos(System.nanoTime() - start));
            deadlines.start(connection);
        });
        return super.handle(request, response, callback);
    }
}
