package dev.changeling.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes a connection if the next request's head is not there in time. An idle timeout alone would begin anew with
 * every byte, so that a client could hold a connection for hours.
 */
final class Deadlines implements Connection.Listener {
    private final Scheduler scheduler;
    private final Duration patience;
    private final Map<Connection, Scheduler.Task> running = new ConcurrentHashMap<>();

    Deadlines(Scheduler scheduler, Duration patience) {
        this.scheduler = scheduler;
        this.patience = patience;
    }

    @Override
    public void onOpened(Connection connection) {
        start(connection);
    }

    @Override
    public void onClosed(Connection connection) {
        cancel(connection);
    }

    /** An answer is complete: the time for the next request begins. */
    void start(Connection connection) {
        Scheduler.Task task = scheduler.schedule(() -> connection.getEndPoint().close(), patience);
        Scheduler.Task before = running.put(connection, task);
        if (before != null) {
            before.cancel();
        }
        if (!connection.getEndPoint().isOpen()) {
            cancel(connection); // it was closed before the task was known
        }
    }

    /** A request's head is complete. */
    void cancel(Connection connection) {
        Scheduler.Task task = running.remove(connection);
        if (task != null) {
            task.cancel();
        }
    }
}
