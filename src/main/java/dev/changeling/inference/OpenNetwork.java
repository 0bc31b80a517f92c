package dev.changeling.inference;

import dev.changeling.hub.Pretrained;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A network that several threads use until one of them closes it; the closing waits for those that are at work.
 *
 * @param <N> the network
 */
final class OpenNetwork<N> implements AutoCloseable {
    private final Pretrained<N> pretrained;
    private final String name;
    private final ReadWriteLock use = new ReentrantReadWriteLock();
    private boolean isClosed;

    /**
     * @param pretrained closed with this
     * @param name of what it belongs to, for the message
     */
    OpenNetwork(Pretrained<N> pretrained, String name) {
        this.pretrained = pretrained;
        this.name = name;
    }

    /** @throws IllegalStateException if the network is closed */
    <R> R use(Function<Pretrained<N>, R> work) {
        use.readLock().lock();
        try {
            if (isClosed) {
                throw new IllegalStateException("the " + name + " is closed");
            }
            return work.apply(pretrained);
        } finally {
            use.readLock().unlock();
        }
    }

    @Override
    public void close() {
        close(() -> {});
    }

    /** @param first closed before the network, if it isn't closed yet */
    void close(Runnable first) {
        use.writeLock().lock();
        try {
            if (!isClosed) {
                isClosed = true;
                first.run();
                pretrained.close();
            }
        } finally {
            use.writeLock().unlock();
        }
    }
}
