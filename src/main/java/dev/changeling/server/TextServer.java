package dev.changeling.server;

import dev.changeling.error.InputException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/**
 * Services for texts behind HTTP/1.1, with a page for people. Texts of requests that come together are given to a
 * service together. docs/serve.md has the addresses, docs/decisions/http-server.md says why it stands on Jetty.
 */
public final class TextServer implements AutoCloseable {
    /** Threads never wait for the model, so a few serve many connections. */
    private static final int THREADS = 16;

    private final HttpListener listener;
    private final List<Batcher> batchers = new ArrayList<>();

    /**
     * Starts to listen.
     *
     * @param missing what this server is asked for in vain
     * @throws InputException if the address is none of this machine's, or taken
     */
    public static TextServer start(ServerSettings settings, List<Service> services, List<MissingService> missing) {
        TextServer started = new TextServer(settings);
        try {
            started.listen(settings, services, missing);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private TextServer(ServerSettings settings) {
        listener = new HttpListener(settings.host(), settings.port(), THREADS, settings.limits());
    }

    private void listen(ServerSettings settings, List<Service> services, List<MissingService> missing) {
        Limits limits = settings.limits();
        ServerMetrics metrics = new ServerMetrics();
        List<Route> routes = new ArrayList<>(Page.routes());
        routes.add(Draining.health(settings.model()));
        for (Service service : services) {
            Batcher batcher = new Batcher(service, limits, metrics);
            batchers.add(batcher);
            routes.add(Route.post(
                    service.path(),
                    new ServiceEndpoint(
                            service,
                            settings.model(),
                            limits,
                            metrics,
                            batcher,
                            listener.deadlines(),
                            listener.threads())));
        }
        for (MissingService service : missing) {
            routes.add(Route.post(service.path(), (request, response, callback) -> {
                throw new Refusal(HttpStatus.NOT_IMPLEMENTED_501, service.reason());
            }));
        }
        routes.add(Route.get(
                "/metrics",
                true,
                (request, response, callback) -> Answer.write(
                        HttpStatus.OK_200, ServerMetrics.CONTENT_TYPE, metrics.exposition(), response, callback)));
        JsonNode description = OpenApi.of(services, missing, settings.version(), limits, settings.token() != null);
        routes.add(Route.get(
                "/openapi.json",
                false,
                (request, response, callback) -> Answer.json(HttpStatus.OK_200, description, response, callback)));

        Access access = Access.of(HttpListener.address(settings.host()), settings);
        Router router = new Router(
                routes, "no such path; GET /openapi.json tells what there is", access, limits, listener.deadlines());
        listener.start(router, inner -> new Draining(inner, settings.model()), metrics);
    }

    /** Returns where the page is, with the port that is listened at. */
    public URI uri() {
        return listener.uri();
    }

    /** Waits until the server has ended. */
    public void join() throws InterruptedException {
        listener.join();
    }

    /** Takes nothing more, finishes what it has taken, as far as the limits' time goes, and ends. */
    @Override
    public void close() {
        try {
            listener.close();
        } finally {
            batchers.forEach(Batcher::close);
        }
    }
}
