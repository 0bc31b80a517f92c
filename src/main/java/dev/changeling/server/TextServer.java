package dev.changeling.server;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Services for texts behind HTTP/1.1, with a page for people. Texts of requests that come together are given to a
 * service together. docs/serve.md has the addresses, docs/decisions/http-server.md says why it stands on Jetty.
 */
public final class TextServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TextServer.class);

    /** Threads never wait for the model, so a few serve many connections. */
    private static final int THREADS = 16;

    private final Server server;
    private final ServerConnector connector;
    private final List<Batcher> batchers = new ArrayList<>();

    /**
     * Starts to listen.
     *
     * @param missing what this server is asked for in vain
     * @throws InputException if the address is none of this machine's, or taken
     */
    public static TextServer start(ServerSettings settings, List<Service> services, List<MissingService> missing) {
        TextServer started = new TextServer(settings, services, missing);
        try {
            started.listen(settings);
            return started;
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private TextServer(ServerSettings settings, List<Service> services, List<MissingService> missing) {
        Limits limits = settings.limits();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("http");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        // What comes at once must wait here until it is accepted: beyond Java's 50, systems drop it or reset it.
        connector.setAcceptQueueSize(limits.connections());
        connector.setIdleTimeout(limits.reading().toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), server));
        Deadlines deadlines = new Deadlines(connector.getScheduler(), limits.reading());
        connector.addBean(deadlines);

        ServerMetrics metrics = new ServerMetrics();
        List<Route> routes = new ArrayList<>(Page.routes());
        routes.add(Draining.health(settings.model()));
        for (Service service : services) {
            Batcher batcher = new Batcher(service, limits, metrics);
            batchers.add(batcher);
            routes.add(Route.post(
                    service.path(),
                    new ServiceEndpoint(service, settings.model(), limits, metrics, batcher, deadlines, threads)));
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

        Router router = new Router(routes, Access.of(address(settings.host()), settings), limits, deadlines);
        server.setHandler(new Measured(
                new Draining(router, settings.model()), new HashSet<>(router.paths()), metrics, deadlines));
        server.setErrorHandler(new ErrorAnswer());
        server.setStopTimeout(limits.drain().toMillis());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(Limits.HEAD_BYTES);
        return configuration;
    }

    private void listen(ServerSettings settings) {
        String place = settings.host() + ":" + settings.port();
        try {
            server.start();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            throw new InputException(place + ": can't listen here: " + reason, e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the server can't start", e);
        }
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InputException(host + ": no such host", e);
        }
    }

    /** Returns where the page is, with the port that is listened at. */
    public URI uri() {
        String host = String.valueOf(connector.getHost());
        return URI.create("http://" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":"
                + connector.getLocalPort() + "/");
    }

    /** Waits until the server has ended. */
    public void join() throws InterruptedException {
        server.join();
    }

    /** Takes nothing more, finishes what it has taken, as far as the limits' time goes, and ends. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("ended before all requests were answered");
        } catch (Exception e) {
            LOG.warn("the server did not end well", e);
        } finally {
            batchers.forEach(Batcher::close);
        }
    }
}
