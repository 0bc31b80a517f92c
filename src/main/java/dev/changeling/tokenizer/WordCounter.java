package dev.changeling.tokenizer;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Counts the words of a corpus with several threads that take turns to read it. */
final class WordCounter {
    /** How much text a thread takes at a turn, in UTF-16 units. */
    private static final int TURN = 1 << 18;

    private final DocumentReader reader;
    private final BertNormalization normalization;
    private final VocabularyProgress progress;
    private long documents;
    private long words;
    private boolean failed;

    WordCounter(DocumentReader reader, BertNormalization normalization, VocabularyProgress progress) {
        this.reader = reader;
        this.normalization = normalization;
        this.progress = progress;
    }

    WordCounts count(int threads) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<WordCounts>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(this::countUntilEnd));
            }
            WordCounts all = futures.get(0).get();
            for (Future<WordCounts> future : futures.subList(1, futures.size())) {
                all.addAll(future.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw rethrown(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while counting words", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private WordCounts countUntilEnd() throws IOException {
        WordCounts counts = new WordCounts();
        WordScanner scanner = new WordScanner(normalization, (word, starts, ends, length) -> counts.add(word, length));
        for (List<String> texts = read(); !texts.isEmpty(); texts = read()) {
            long before = counts.total();
            for (String text : texts) {
                scanner.scan(text, 0, text.length());
            }
            report(texts.size(), counts.total() - before);
        }
        return counts;
    }

    private synchronized List<String> read() throws IOException {
        List<String> texts = new ArrayList<>();
        if (failed || Thread.currentThread().isInterrupted()) {
            return texts;
        }
        // Whatever goes wrong must stop the other threads too, or they would read a damaged corpus to its end.
        failed = true;
        int length = 0;
        while (length < TURN) {
            Document document = reader.next();
            if (document == null) {
                break;
            }
            texts.add(document.text());
            length += document.text().length();
        }
        failed = false;
        return texts;
    }

    private synchronized void report(int newDocuments, long newWords) {
        documents += newDocuments;
        words += newWords;
        progress.counted(documents, words);
    }

    private static IOException rethrown(ExecutionException failure) throws IOException {
        @Nullable Throwable cause = failure.getCause();
        if (cause instanceof IOException checked) {
            throw checked;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IOException(cause);
    }
}
