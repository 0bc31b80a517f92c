package dev.changeling.pretraining;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.metrics.Metrics;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A data set of a little language, and runs on it, for tests. */
public final class LittleRuns {
    private static final VocabularyProgress SILENT = new VocabularyProgress() {
        @Override
        public void counted(long documents, long words) {}

        @Override
        public void merged(int tokens, int size) {}
    };

    private final Path folder;
    public final Path data;
    final Watcher watcher = new Watcher();
    List<Path> initFrom = List.of();

    @Nullable
    Path sampleCache;

    /** Keeps what a run tells. */
    static final class Watcher implements RunObserver {
        final List<String> messages = new ArrayList<>();
        long lastStep;

        @Override
        public void progress(Metrics metrics) {
            lastStep = metrics.step();
        }

        @Override
        public void message(String line) {
            messages.add(line);
        }
    }

    /** Sentences of a little language. */
    private static final class Sentences implements DocumentReader {
        private static final List<String> WORDS =
                List.of("the", "a", "cat", "dog", "bird", "sees", "hears", "likes", "old", "small", "green", "house");
        private int next;

        @Override
        public @Nullable Document next() {
            if (next == 300) {
                return null;
            }
            RandomStream random = RandomStream.of(5, Purpose.ORDER, next++);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 12; i++) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
            }
            return new Document("sentences", next, text + ".");
        }

        @Override
        public void close() {}
    }

    /**
     * Prepares a data set.
     *
     * @param folder for it and for the runs
     */
    public LittleRuns(Path folder) throws IOException {
        this.folder = folder;
        this.data = folder.resolve("data");
        prepare(data, BertNormalization.UNCASED);
    }

    final void prepare(Path out, BertNormalization normalization) throws IOException {
        prepare(out, normalization, ExampleFormat.PACKED);
    }

    final void prepare(Path out, BertNormalization normalization, ExampleFormat format) throws IOException {
        Vocabulary vocabulary = new VocabularyTrainer(VocabularySettings.of(60, BertNormalization.UNCASED), SILENT)
                .train(new Sentences(), 1);
        Path tokenizer = folder.resolve("tokenizer");
        TokenizerFiles.write(tokenizer, vocabulary, normalization, 32);
        Prepare.run(
                new Sentences(),
                new WordPieceTokenizer(vocabulary, normalization),
                tokenizer.resolve("vocab.txt"),
                new PrepareOptions(32, format, 0.1, 1, 1 << 20),
                1,
                out,
                progress -> {});
    }

    static RunConfig config(String... overrides) {
        List<String> all = new ArrayList<>(List.of(
                "training.steps=12",
                "training.threads=1",
                "checkpoint.every=4",
                "evaluation.every=6",
                "metrics.dynamics_every=10",
                "model.dropout=0.1",
                "model.attention_dropout=0.1"));
        all.addAll(List.of(overrides));
        return ConfigLoader.load("debug", all);
    }

    /**
     * Begins a run, from {@link #initFrom} if there is any.
     *
     * @param stopAfter the step after which it is asked to stop
     */
    boolean start(RunConfig config, Path out, long stopAfter) throws IOException {
        try (PretrainingRun run =
                PretrainingRun.start(config, data, out, initFrom, sampleCache, List.of("pretrain"), watcher)) {
            return run.train(() -> watcher.lastStep >= stopAfter);
        }
    }

    boolean resume(RunConfig config, Path out) throws IOException {
        try (PretrainingRun run =
                PretrainingRun.resume(config, data, out, initFrom, sampleCache, List.of("pretrain"), watcher)) {
            return run.train(() -> false);
        }
    }

    /** Returns a run's numbers without those that time or the machine decides. */
    static List<String> losses(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line ->
                        line.replaceAll(",\"(tokens_per_second|elapsed_seconds|eta_seconds|rss_bytes)\":[^,}]*", ""))
                .toList();
    }
}
