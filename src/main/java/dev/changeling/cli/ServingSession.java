package dev.changeling.cli;

import dev.changeling.server.TextServer;
import java.net.URI;

/**
 * A server at the command line: when a person (Ctrl-C) or the system (SIGTERM) ends the process, it finishes what it
 * has taken. The JVM then exits with 130 or 143 by itself.
 */
final class ServingSession {
    private final TextServer server;

    /** @param server closed when the session ends */
    ServingSession(TextServer server) {
        this.server = server;
    }

    URI uri() {
        return server.uri();
    }

    /** Returns when the process is told to end, and all that was taken is answered. */
    void serve() throws InterruptedException {
        Thread hook = new Thread(server::close, "finish before exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try (server) {
            server.join();
        } finally {
            remove(hook);
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException exiting) {
            // The process is ending: that is why the server did.
        }
    }
}
