package dev.changeling.inference;

import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets any number of threads use a thing until it is closed; who closes it waits for those that are at work. */
final class SharedUse {
    private final String name;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean isClosed;

    /** @param name of the thing, for messages: {@code the detector} */
    SharedUse(String name) {
        this.name = name;
    }

    /**
     * Uses the thing.
     *
     * @throws IllegalStateException if it is closed
     */
    <T> T of(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (isClosed) {
                throw new IllegalStateException(name + " is closed");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Ends the use; the first call runs {@code release}. */
    void close(Runnable release) {
        lock.writeLock().lock();
        try {
            if (!isClosed) {
                isClosed = true;
                release.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
