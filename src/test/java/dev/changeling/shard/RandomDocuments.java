package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Documents for tests. */
public final class RandomDocuments implements DocumentReader {
    private final List<String> texts;
    private final int failAfter;
    private int next;

    private RandomDocuments(List<String> texts, int failAfter) {
        this.texts = texts;
        this.failAfter = failAfter;
    }

    public static DocumentReader of(List<String> texts) {
        return new RandomDocuments(texts, Integer.MAX_VALUE);
    }

    /** Fails, as a disk would, after some documents. */
    public static DocumentReader failing(List<String> texts, int after) {
        return new RandomDocuments(texts, after);
    }

    /** Returns texts of one to twelve lines of one to forty words below 1000, small numbers more often. */
    public static List<String> texts(long seed, int count) {
        RandomStream random = RandomStream.of(seed, Purpose.SEGMENTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            int lines = 1 + random.nextInt(12);
            for (int line = 0; line < lines; line++) {
                text.append(line == 0 ? "" : "\n");
                int words = 1 + random.nextInt(40);
                for (int word = 0; word < words; word++) {
                    double uniform = random.nextDouble();
                    text.append(word == 0 ? "" : " ").append((int) (1000 * uniform * uniform));
                }
            }
            texts.add(text.toString());
        }
        return texts;
    }

    @Override
    public @Nullable Document next() throws IOException {
        if (next == failAfter) {
            throw new IOException("the disk is gone");
        }
        return next == texts.size() ? null : new Document("test", next + 1, texts.get(next++));
    }

    @Override
    public void close() {}
}
