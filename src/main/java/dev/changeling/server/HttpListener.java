package dev.changeling.server;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place where HTTP/1.1 is listened to, within limits that keep a client from holding it. */
final class HttpListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);

    private final Limits limits;
    private final QueuedThreadPool threads;
    private final Server server;
    private final ServerConnector connector;
    private final Deadlines deadlines;

    /**
     * Makes one that does not listen yet.
     *
     * @param port 0 for any that is free
     */
    HttpListener(String host, int port, int threadCount, Limits limits) {
        this.limits = limits;
        threads = new QueuedThreadPool(threadCount);
        threads.setName("http");
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration()));
        connector.setHost(host);
        connector.setPort(port);
        // What comes at once must wait here until it is accepted: beyond Java's 50, systems drop it or reset it.
        connector.setAcceptQueueSize(limits.connections());
        connector.setIdleTimeout(limits.reading().toMillis());
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(limits.connections(), server));
        server.setErrorHandler(new ErrorAnswer());
        deadlines = new Deadlines(connector.getScheduler(), limits.reading());
        connector.addBean(deadlines);
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setRequestHeaderSize(Limits.HEAD_BYTES);
        return configuration;
    }

    /** Returns what minds the connections. */
    Deadlines deadlines() {
        return deadlines;
    }

    /** Returns what runs work that takes time. */
    Executor threads() {
        return threads;
    }

    /**
     * Starts to listen.
     *
     * @param around put around the router
     * @throws InputException if the address is none of this machine's, or taken
     */
    void start(Router router, UnaryOperator<Handler> around, ServerMetrics metrics) {
        server.setHandler(new Measured(around.apply(router), new HashSet<>(router.paths()), metrics, deadlines));
        server.setStopTimeout(limits.drain().toMillis());
        String place = connector.getHost() + ":" + connector.getPort();
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

    /** @throws InputException if there is no such host */
    static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InputException(host + ": no such host", e);
        }
    }

    /** Returns where it listens, with the port that it has. */
    URI uri() {
        String host = String.valueOf(connector.getHost());
        return URI.create("http://" + (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":"
                + connector.getLocalPort() + "/");
    }

    /** Waits until it has ended. */
    void join() throws InterruptedException {
        server.join();
    }

    /** Ends, when what was taken is answered or the time that the limits have for that is over. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("ended before all requests were answered");
        } catch (Exception e) {
            LOG.warn("the server did not end well", e);
        }
    }
}
