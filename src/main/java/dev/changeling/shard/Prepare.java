package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Makes a data set out of documents: splits, tokenizes on several threads, builds rows, writes shards. The bytes are
 * the same whatever the number of threads.
 *
 * <p>A preparation that was stopped, even by a kill, goes on where the last whole shard ended when it is run again with
 * the same documents and options. A folder counts as a data set only when its {@code dataset.json} stands, which is
 * written last.
 */
public final class Prepare {
    private final PrepareOptions options;
    private final TokenizerIdentity identity;
    private final PrepareFolder folder;
    private final Consumer<PrepareProgress> listener;
    private final SplitWriter train;
    private final SplitWriter heldOut;
    /** Training documents that whole shards of an earlier process hold, and their hash. */
    private final long skipped;

    private final long skippedHash;
    private long routedTrain;
    private long routedTrainHash;
    private PrepareProgress progress = new PrepareProgress(0, 0, 0);

    private Prepare(
            PrepareOptions options,
            TokenizerIdentity identity,
            PrepareFolder folder,
            Consumer<PrepareProgress> listener)
            throws IOException {
        this.options = options;
        this.identity = identity;
        this.folder = folder;
        this.listener = listener;
        this.train = new SplitWriter(folder.path(), false, options, identity, folder::record);
        // Small, and therefore written anew by a process that goes on.
        this.heldOut = new SplitWriter(folder.path(), true, options, identity, entry -> {});
        for (PrepareJournal.Entry entry : folder.shards()) {
            train.resume(entry, entry.shard().open(folder.path(), options.rowLength(), identity));
        }
        this.skipped = train.documents();
        this.skippedHash = train.documentsHash();
    }

    /**
     * Makes a data set, or ends one that was begun.
     *
     * @param documents what to read; not closed
     * @param tokenizer turns text into token ids
     * @param tokenizerFile the file or folder that the tokenizer was loaded from; what loads it again goes into the
     *     data set
     * @param options row length, packing, split
     * @param threads that tokenize
     * @param out the folder where the data set goes; made if it is not there
     * @param progress is told after every document
     * @throws InputException if the documents are bad or too few, the folder is in use by something else, or writing
     *     fails
     * @throws IOException if reading fails
     */
    public static Dataset run(
            DocumentReader documents,
            Tokenizer tokenizer,
            Path tokenizerFile,
            PrepareOptions options,
            int threads,
            Path out,
            Consumer<PrepareProgress> progress)
            throws IOException {
        TokenizerIdentity identity = new TokenizerIdentity(
                tokenizer.fingerprint(),
                tokenizer.vocabulary().size(),
                tokenizer.vocabulary().special());
        PrepareFolder folder = PrepareFolder.open(out, options, identity);
        boolean done = false;
        try {
            Prepare prepare = new Prepare(options, identity, folder, progress);
            try {
                String corpus = prepare.read(documents, tokenizer, threads);
                prepare.finish(corpus, documents.invalidUtf8(), new TokenizerCopy(tokenizer, tokenizerFile));
                done = true;
            } finally {
                prepare.train.close();
                prepare.heldOut.close();
            }
        } finally {
            if (!done) {
                folder.abandon();
            }
        }
        return Dataset.open(out);
    }

    /** Reads all documents and writes them, but for what is held back; returns a hash of them. */
    private String read(DocumentReader documents, Tokenizer tokenizer, int threads) throws IOException {
        long hashOfAll = 0;
        try (ParallelTokenizer tokenized = new ParallelTokenizer(tokenizer, threads, this::take)) {
            HeldOutSplit split = new HeldOutSplit(
                    options.seed(),
                    options.heldOutFraction(),
                    (document, hash, isHeldOut) -> route(document, hash, isHeldOut, tokenized));
            for (Document document = documents.next(); document != null; document = documents.next()) {
                long hash = ContentHash.of(document.text());
                hashOfAll = ContentHash.join(hashOfAll, hash);
                split.add(document, hash);
            }
            split.finish();
            tokenized.finish();
        }
        if (routedTrain < skipped) {
            throw changed();
        }
        return HexFormat.of().toHexDigits(hashOfAll);
    }

    private void route(Document document, long hash, boolean isHeldOut, ParallelTokenizer tokenized)
            throws IOException {
        if (!isHeldOut) {
            routedTrain++;
            routedTrainHash = ContentHash.join(routedTrainHash, hash);
            if (routedTrain == skipped && routedTrainHash != skippedHash) {
                throw changed();
            }
            if (routedTrain <= skipped) {
                report(TokenizedDocument.utf8Bytes(document.text()), 0);
                return;
            }
        }
        tokenized.add(document, hash, isHeldOut);
    }

    private void take(TokenizedDocument document) {
        try {
            (document.heldOut() ? heldOut : train).add(document);
        } catch (IOException e) {
            throw folder.unwritable(e);
        }
        report(document.bytes(), document.tokens());
    }

    private void report(long bytes, long tokens) {
        progress = new PrepareProgress(progress.documents() + 1, progress.bytes() + bytes, progress.tokens() + tokens);
        listener.accept(progress);
    }

    private void finish(String corpus, long invalidUtf8, TokenizerCopy tokenizer) {
        try {
            DatasetManifest.Split trainSplit = train.finish();
            DatasetManifest.Split heldOutSplit = heldOut.finish();
            if (trainSplit.rows() == 0 || heldOutSplit.rows() == 0) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "no token in the %s documents; expected both splits to have some",
                        trainSplit.rows() == 0 ? "training" : "held-out"));
            }
            TokenCounts.write(folder.path(), train.tokenCounts());
            tokenizer.write(folder.path().resolve(Dataset.TOKENIZER_FOLDER), options.rowLength());
            folder.finish(new DatasetManifest(
                    DatasetManifest.VERSION, options, identity, corpus, invalidUtf8, trainSplit, heldOutSplit));
        } catch (IOException e) {
            throw folder.unwritable(e);
        }
    }

    private InputException changed() {
        return new InputException(String.format(
                Locale.ROOT,
                "%s: the corpus is not the one this unfinished data set was begun with (its first %,d training documents"
                        + " differ); give the same corpus, or delete the folder",
                folder.path(),
                skipped));
    }
}
