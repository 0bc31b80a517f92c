package dev.changeling.server;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What several requests wait for, handed out in turns: one item of each request, in the order in which they came, then
 * the next of each. A request is thus kept waiting by the number of others, not by how much they ask for. Not safe for
 * use by several threads.
 */
final class RoundRobin<T> {
    /** None of them empty; the first is the next to be served. */
    private final Deque<Deque<T>> requests = new ArrayDeque<>();

    private int size;

    /** Adds a request, which has its first turn after those that wait already. */
    void add(Collection<T> items) {
        if (!items.isEmpty()) {
            requests.add(new ArrayDeque<>(items));
            size += items.size();
        }
    }

    /** Returns how many items wait. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /**
     * Takes the next item.
     *
     * @throws NoSuchElementException if there is none
     */
    T remove() {
        Deque<T> request = requests.remove();
        T item = request.remove();
        if (!request.isEmpty()) {
            requests.add(request);
        }
        size--;
        return item;
    }

    /** Takes out the items that are as told. */
    void removeIf(Predicate<T> condition) {
        requests.forEach(request -> request.removeIf(condition));
        requests.removeIf(Deque::isEmpty);
        size = requests.stream().mapToInt(Deque::size).sum();
    }

    void forEach(Consumer<T> action) {
        requests.forEach(request -> request.forEach(action));
    }

    void clear() {
        requests.clear();
        size = 0;
    }
}
