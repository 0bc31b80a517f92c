package dev.changeling.server;

import dev.changeling.error.InputException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few documents behind HTTP/1.1 for people at this machine: it listens at 127.0.0.1 alone. It does nothing while
 * nobody asks.
 */
public final class DocumentServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentServer.class);
    private static final String HOST = "127.0.0.1";

    /** As few as Jetty takes: one accepts, one selects, and one at a time makes a document. */
    private static final int THREADS = 5;

    private static final Limits LIMITS = new Limits(
            0, 0, 0, 0, 0, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(500), 50);

    private final HttpListener listener;
    private final Object oneAtATime = new Object();

    /**
     * Starts to listen.
     *
     * @param port 0 for any that is free
     * @param version of the program
     * @throws InputException if the port is taken
     */
    public static DocumentServer start(int port, String version, List<Document> documents) {
        DocumentServer started = new DocumentServer(port);
        try {
            started.listen(new ServerSettings(HOST, port, List.of(), null, "", version, LIMITS), documents);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private DocumentServer(int port) {
        listener = new HttpListener(HOST, port, THREADS, LIMITS);
    }

    private void listen(ServerSettings settings, List<Document> documents) {
        List<Route> routes = documents.stream()
                .map(document -> Route.get(
                        document.path(),
                        false,
                        (request, response, callback) ->
                                listener.threads().execute(() -> answer(document, request, response, callback))))
                .toList();
        Access access = Access.of(HttpListener.address(HOST), settings);
        listener.start(
                new Router(routes, "no such path", access, LIMITS, listener.deadlines()),
                router -> router,
                new ServerMetrics());
    }

    private void answer(Document document, Request request, Response response, Callback callback) {
        try {
            byte[] content;
            synchronized (oneAtATime) {
                content = document.content().get();
            }
            String tag = '"' + Integer.toHexString(Arrays.hashCode(content)) + '-' + content.length + '"';
            HttpFields.Mutable fields = response.getHeaders();
            fields.put(HttpHeader.CACHE_CONTROL, "no-cache");
            fields.put(HttpHeader.ETAG, tag);
            fields.put("Content-Security-Policy", "frame-ancestors 'none'");
            fields.put("Referrer-Policy", "no-referrer");
            fields.put("Cross-Origin-Resource-Policy", "same-origin");
            if (tag.equals(request.getHeaders().get(HttpHeader.IF_NONE_MATCH))) {
                response.setStatus(HttpStatus.NOT_MODIFIED_304);
                callback.succeeded();
            } else {
                Answer.write(HttpStatus.OK_200, document.type(), content, response, callback);
            }
        } catch (InputException e) {
            Answer.refusal(Refusal.unavailable(String.valueOf(e.getMessage()), 1), response, callback);
        } catch (RuntimeException e) {
            LOG.error("{} failed", document.path(), e);
            callback.failed(e);
        }
    }

    /** Returns where the documents are, with the port that is listened at. */
    public URI uri() {
        return listener.uri();
    }

    /** Ends at once, or nearly. */
    @Override
    public void close() {
        listener.close();
    }
}
