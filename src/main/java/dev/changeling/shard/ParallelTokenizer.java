package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.tokenizer.Tokenizer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Tokenizes documents on several threads and hands them on in the order in which they came, on the caller's thread. A
 * bounded number wait, so memory stays flat however much faster one side is.
 */
final class ParallelTokenizer implements Closeable {
    /** Documents go to a thread in groups of about this many characters, so that short ones cost no hand-over each. */
    private static final int GROUP_CHARACTERS = 1 << 16;

    private static final int GROUPS_A_THREAD = 3;

    private final Tokenizer tokenizer;
    private final Sink sink;
    private final ExecutorService threads;
    private final int maximumWaiting;
    private final Queue<Future<List<TokenizedDocument>>> waiting = new ArrayDeque<>();
    private List<Item> group = new ArrayList<>();
    private long groupCharacters;

    ParallelTokenizer(Tokenizer tokenizer, int threadCount, Sink sink) {
        this.tokenizer = tokenizer;
        this.sink = sink;
        this.maximumWaiting = threadCount * GROUPS_A_THREAD;
        this.threads = Executors.newFixedThreadPool(threadCount, work -> {
            Thread thread = new Thread(work, "tokenizer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Where tokenized documents go. */
    @FunctionalInterface
    interface Sink {
        void add(TokenizedDocument document) throws IOException;
    }

    private record Item(Document document, long hash, boolean heldOut) {}

    void add(Document document, long hash, boolean heldOut) throws IOException {
        group.add(new Item(document, hash, heldOut));
        groupCharacters += document.text().length();
        if (groupCharacters >= GROUP_CHARACTERS) {
            submit();
        }
    }

    /** Waits for everything that was added. */
    void finish() throws IOException {
        submit();
        while (!waiting.isEmpty()) {
            handOn();
        }
    }

    private void submit() throws IOException {
        List<Item> items = group;
        group = new ArrayList<>();
        groupCharacters = 0;
        if (waiting.size() == maximumWaiting) {
            handOn();
        }
        waiting.add(threads.submit(() -> items.stream()
                .map(item -> TokenizedDocument.of(item.document(), item.hash(), item.heldOut(), tokenizer))
                .toList()));
    }

    private void handOn() throws IOException {
        try {
            for (TokenizedDocument document : waiting.remove().get()) {
                sink.add(document);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while tokenizing");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("the tokenizer failed", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
