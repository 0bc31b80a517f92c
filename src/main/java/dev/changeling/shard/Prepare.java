package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import dev.changeling.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
    private final Path folder;
    private final Consumer<PrepareProgress> listener;
    private final SplitWriter train;
    private final SplitWriter heldOut;
    private PrepareJournal journal;
    /** Training documents that whole shards of an earlier process hold, and their hash. */
    private final long skipped;

    private final long skippedHash;
    private long routedTrain;
    private long routedTrainHash;
    private PrepareProgress progress = new PrepareProgress(0, 0, 0);

    private Prepare(
            PrepareOptions options,
            TokenizerIdentity identity,
            Path folder,
            PrepareJournal journal,
            Consumer<PrepareProgress> listener)
            throws IOException {
        this.options = options;
        this.identity = identity;
        this.folder = folder;
        this.journal = journal;
        this.listener = listener;
        this.train = new SplitWriter(folder, false, options, identity, this::record);
        this.heldOut = new SplitWriter(folder, true, options, identity, (shard, documents, hash) -> {});
        for (PrepareJournal.Entry entry : journal.shards()) {
            Shard shard = Shard.open(folder.resolve(entry.shard().file()));
            train.resume(entry.shard(), shard, entry.documents(), entry.documentsHash());
        }
        this.skipped = train.documents();
        this.skippedHash = train.documentsHash();
    }

    /**
     * Makes a data set, or ends one that was begun.
     *
     * @param documents what to read; not closed
     * @param tokenizer turns text into token ids
     * @param tokenizerFile what the tokenizer was loaded from; a copy goes into the data set
     * @param options row length, packing, split
     * @param threads that tokenize
     * @param folder where the data set goes; made if it is not there
     * @param progress is told after every document
     * @throws InputException if the documents are bad or too few, the folder is in use by something else, or writing
     *     fails
     */
    public static Dataset run(
            DocumentReader documents,
            Tokenizer tokenizer,
            Path tokenizerFile,
            PrepareOptions options,
            int threads,
            Path folder,
            Consumer<PrepareProgress> progress)
            throws IOException {
        TokenizerIdentity identity = new TokenizerIdentity(
                Sha256.of(tokenizerFile),
                tokenizer.vocabulary().size(),
                tokenizer.vocabulary().special());
        boolean created = !Files.exists(folder);
        PrepareJournal journal = begin(folder, options, identity);
        Prepare prepare = new Prepare(options, identity, folder, journal, progress);
        boolean done = false;
        try {
            prepare.write(documents, tokenizer, threads, tokenizerFile);
            done = true;
        } finally {
            prepare.train.close();
            prepare.heldOut.close();
            if (!done && prepare.journal.shards().isEmpty()) {
                discard(folder, created);
            }
        }
        return Dataset.open(folder);
    }

    /** Looks at what the folder holds; returns how far an earlier preparation came. */
    private static PrepareJournal begin(Path folder, PrepareOptions options, TokenizerIdentity identity)
            throws IOException {
        if (Files.exists(folder.resolve(DatasetManifest.FILE))) {
            DatasetManifest present = DatasetManifest.read(folder);
            boolean same =
                    present.options().equals(options) && present.tokenizer().equals(identity.sha256());
            throw new InputException(String.format(
                    "%s: holds a finished data set already, made with %s; choose another folder, or delete this one",
                    folder, same ? "the same options and tokenizer" : "other options or another tokenizer"));
        }
        if (Files.exists(folder.resolve(PrepareJournal.FILE))) {
            PrepareJournal present = PrepareJournal.read(folder);
            if (!present.options().equals(options) || !present.tokenizer().equals(identity)) {
                throw new InputException(String.format(
                        "%s: holds an unfinished data set, begun with other options or another tokenizer (%s); go on"
                                + " with those, or delete the folder",
                        folder, present.options()));
            }
            deleteEnding(folder, AtomicFile.TEMPORARY);
            return present;
        }
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            files.findFirst().ifPresent(file -> {
                throw new InputException(
                        folder + ": holds " + file.getFileName() + "; expected an empty folder, or none");
            });
        }
        PrepareJournal fresh = PrepareJournal.empty(options, identity);
        fresh.write(folder);
        return fresh;
    }

    private void write(DocumentReader documents, Tokenizer tokenizer, int threads, Path tokenizerFile)
            throws IOException {
        long corpusHash = 0;
        try (ParallelTokenizer tokenized = new ParallelTokenizer(tokenizer, threads, this::take)) {
            HeldOutSplit split = new HeldOutSplit(
                    options.seed(),
                    options.heldOutFraction(),
                    (document, hash, isHeldOut) -> route(document, hash, isHeldOut, tokenized));
            for (Document document = documents.next(); document != null; document = documents.next()) {
                long hash = ContentHash.of(document.text());
                corpusHash = ContentHash.join(corpusHash, hash);
                split.add(document, hash);
            }
            split.finish();
            tokenized.finish();
        }
        if (routedTrain < skipped) {
            throw changed();
        }
        DatasetManifest.Split trainSplit = train.finish();
        DatasetManifest.Split heldOutSplit = heldOut.finish();
        if (trainSplit.rows() == 0 || heldOutSplit.rows() == 0) {
            throw new InputException(String.format(
                    "no token in the %s documents; expected both splits to have some",
                    trainSplit.rows() == 0 ? "training" : "held-out"));
        }
        TokenCounts.write(folder, train.tokenCounts());
        Path copies = Files.createDirectories(folder.resolve(Dataset.TOKENIZER_FOLDER));
        AtomicFile.write(copies.resolve(tokenizerFile.getFileName()), Files.readAllBytes(tokenizerFile));
        new DatasetManifest(
                        DatasetManifest.VERSION,
                        options,
                        identity.sha256(),
                        identity.vocabularySize(),
                        identity.special(),
                        HexFormat.of().toHexDigits(corpusHash),
                        documents.invalidUtf8(),
                        trainSplit,
                        heldOutSplit)
                .write(folder);
        Files.delete(folder.resolve(PrepareJournal.FILE));
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

    private void take(TokenizedDocument document) throws IOException {
        (document.heldOut() ? heldOut : train).add(document);
        report(document.bytes(), document.tokens());
    }

    private void report(long bytes, long tokens) {
        progress = new PrepareProgress(progress.documents() + 1, progress.bytes() + bytes, progress.tokens() + tokens);
        listener.accept(progress);
    }

    private void record(DatasetManifest.ShardEntry shard, long documents, long documentsHash) throws IOException {
        journal = journal.with(new PrepareJournal.Entry(shard, documents, documentsHash));
        journal.write(folder);
    }

    private InputException changed() {
        return new InputException(String.format(
                "%s: the corpus is not the one this unfinished data set was begun with (its first %,d training documents"
                        + " differ); give the same corpus, or delete the folder",
                folder, skipped));
    }

    /** Deletes what a preparation without any whole training shard left. */
    private static void discard(Path folder, boolean created) throws IOException {
        deleteEnding(folder, ".shard");
        Files.deleteIfExists(folder.resolve(TokenCounts.FILE));
        Path copies = folder.resolve(Dataset.TOKENIZER_FOLDER);
        if (Files.isDirectory(copies)) {
            deleteEnding(copies, "");
            Files.delete(copies);
        }
        Files.deleteIfExists(folder.resolve(PrepareJournal.FILE));
        if (created) {
            Files.delete(folder);
        }
    }

    private static void deleteEnding(Path folder, String ending) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(folder)) {
            found = files.filter(file -> file.toString().endsWith(ending)).toList();
        }
        for (Path file : found) {
            Files.delete(file);
        }
    }
}
