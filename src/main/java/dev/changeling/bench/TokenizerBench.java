package dev.changeling.bench;

import dev.changeling.corpus.Document;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** How fast text becomes token ids, and how fast a vocabulary is learnt from it. */
public final class TokenizerBench {
    private TokenizerBench() {}

    /**
     * How fast several threads encoded.
     *
     * @param threads how many
     * @param bytesPerSecond UTF-8 of all of them together
     * @param tokensPerSecond of all of them together
     */
    public record Rate(int threads, double bytesPerSecond, double tokensPerSecond) {}

    /**
     * Encodes documents over and over, each thread a part of them.
     *
     * @param warmup how long before it counts
     * @param time how long it counts
     */
    public static Rate encode(Tokenizer tokenizer, Text text, int threads, Duration warmup, Duration time) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            List<Future<Rate>> parts = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                List<Document> part = part(text.documents(), t, threads);
                long[] sizes = part.stream().mapToLong(Text::size).toArray();
                parts.add(pool.submit(() -> {
                    try {
                        encode(tokenizer, part, sizes, warmup);
                    } finally {
                        ready.countDown(); // also if it fails, or the others would wait for it
                    }
                    ready.await();
                    return encode(tokenizer, part, sizes, time);
                }));
            }
            double bytes = 0;
            double tokens = 0;
            for (Future<Rate> part : parts) {
                bytes += part.get().bytesPerSecond();
                tokens += part.get().tokensPerSecond();
            }
            return new Rate(threads, bytes, tokens);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while encoding", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            pool.shutdown();
        }
    }

    // With fewer documents than threads, some share one.
    private static List<Document> part(List<Document> documents, int thread, int threads) {
        return documents.size() < threads
                ? List.of(documents.get(thread % documents.size()))
                : IntStream.iterate(thread, i -> i < documents.size(), i -> i + threads)
                        .mapToObj(documents::get)
                        .toList();
    }

    private static Rate encode(Tokenizer tokenizer, List<Document> documents, long[] sizes, Duration time) {
        long bytes = 0;
        long tokens = 0;
        int next = 0;
        long start = System.nanoTime();
        long now;
        do {
            tokens += tokenizer.ids(documents.get(next).text()).length;
            bytes += sizes[next];
            next = (next + 1) % sizes.length;
            now = System.nanoTime();
        } while (now - start < time.toNanos());
        double seconds = (now - start) / 1e9;
        return new Rate(1, bytes / seconds, tokens / seconds);
    }

    /**
     * How fast a vocabulary was learnt.
     *
     * @param tokens it has
     * @param words in the text
     * @param seconds it took
     */
    public record Learnt(int tokens, long words, double seconds) {}

    /** Learns a vocabulary once, with the JVM as it is. */
    public static Learnt learn(VocabularySettings settings, Text text, int threads) throws IOException {
        WordCount count = new WordCount();
        long start = System.nanoTime();
        int tokens = new VocabularyTrainer(settings, count)
                .train(text.reader(), threads)
                .size();
        return new Learnt(tokens, count.words(), (System.nanoTime() - start) / 1e9);
    }

    /** Remembers how many words there were. */
    private static final class WordCount implements VocabularyProgress {
        private long words;

        synchronized long words() {
            return words;
        }

        @Override
        public synchronized void counted(long documents, long words) {
            this.words = Math.max(this.words, words);
        }

        @Override
        public void merged(int tokens, int size) {}
    }
}
