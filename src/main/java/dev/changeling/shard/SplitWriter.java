package dev.changeling.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes the shards of one split. A shard ends with a document, and nothing is carried over to the next, so that the
 * next can be written by another process.
 */
final class SplitWriter implements Closeable {
    private final Path folder;
    private final String name;
    private final PrepareOptions options;
    private final int vocabularySize;
    private final byte[] tokenizer;
    private final ExampleBuilder builder;
    private final ShardListener listener;
    private final List<ShardEntry> shards = new ArrayList<>();
    private final long[] tokenCounts;
    private @Nullable ShardWriter shard;
    private long documents;
    private long documentsHash;

    SplitWriter(
            Path folder, boolean heldOut, PrepareOptions options, TokenizerIdentity tokenizer, ShardListener listener) {
        this.folder = folder;
        this.name = heldOut ? "heldout" : "train";
        this.options = options;
        this.vocabularySize = tokenizer.vocabularySize();
        this.tokenizer = HexFormat.of().parseHex(tokenizer.sha256());
        this.listener = listener;
        this.tokenCounts = new long[vocabularySize];
        this.builder = switch (options.examples()) {
            case PACKED -> new PackedExamples(options.rowLength(), tokenizer.special(), this::write);
            case SEGMENTS ->
                new GoogleSegments(
                        options.rowLength(),
                        options.segments(),
                        tokenizer.special(),
                        options.seed(),
                        heldOut ? 1 : 0,
                        this::write);
        };
    }

    /** Is told of every shard that is whole and has its name. */
    @FunctionalInterface
    interface ShardListener {
        void written(PrepareJournal.Entry entry) throws IOException;
    }

    /** Goes on after a shard that an earlier process wrote. */
    void resume(PrepareJournal.Entry entry, Shard written) {
        shards.add(entry.shard());
        new Rows(options.rowLength(), List.of(written)).count(tokenCounts);
        documents = entry.documents();
        documentsHash = entry.documentsHash();
    }

    void add(TokenizedDocument document) throws IOException {
        builder.add(documents++, document.lines());
        documentsHash = ContentHash.join(documentsHash, document.hash());
        if (shard != null && shard.bytes() >= options.shardBytes()) {
            endShard();
        }
    }

    DatasetManifest.Split finish() throws IOException {
        endShard();
        return DatasetManifest.Split.of(documents, options.rowLength(), shards);
    }

    long[] tokenCounts() {
        return tokenCounts;
    }

    long documents() {
        return documents;
    }

    long documentsHash() {
        return documentsHash;
    }

    private void write(Row row) throws IOException {
        ShardWriter open = shard;
        if (open == null) {
            Path file = folder.resolve(String.format(Locale.ROOT, "%s-%05d.shard", name, shards.size()));
            open = new ShardWriter(file, options.rowLength(), vocabularySize, tokenizer);
            shard = open;
        }
        open.add(row);
        int used = 0;
        for (int length : row.lengths()) {
            used += length;
        }
        for (int i = 0; i < used; i++) {
            tokenCounts[row.tokens()[i]]++;
        }
    }

    private void endShard() throws IOException {
        builder.flush();
        ShardWriter open = shard;
        if (open == null) {
            return;
        }
        open.finish();
        shard = null;
        // Read back as a reader would: a shard that can't be opened must not be named.
        ShardEntry entry = ShardEntry.of(Shard.open(open.file()), open.realTokens());
        shards.add(entry);
        listener.written(new PrepareJournal.Entry(entry, documents, documentsHash));
    }

    /** Deletes the shard that is being written; those that are whole stay. */
    @Override
    public void close() throws IOException {
        if (shard != null) {
            shard.close();
            shard = null;
        }
    }
}
