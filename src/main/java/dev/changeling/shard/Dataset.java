package dev.changeling.shard;

import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.TokenTable;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A prepared data set: two splits in shards that are mapped into memory, and what belongs to them. Immutable; safe for
 * use by several threads.
 */
public final class Dataset {
    static final String TOKENIZER_FOLDER = "tokenizer";

    private final Path folder;
    private final DatasetManifest manifest;
    private final String sha256;
    private final Rows train;
    private final Rows heldOut;
    private final long[] tokenCounts;

    private Dataset(
            Path folder, DatasetManifest manifest, String sha256, Rows train, Rows heldOut, long[] tokenCounts) {
        this.folder = folder;
        this.manifest = manifest;
        this.sha256 = sha256;
        this.train = train;
        this.heldOut = heldOut;
        this.tokenCounts = tokenCounts;
    }

    /**
     * Opens a data set and checks its rows: sizes, checksums, token ids. The tokenizer's files have a check of their
     * own, {@link #checkTokenizer}.
     *
     * @throws InputException if the folder holds no finished data set, or a file of it is missing, damaged or altered
     */
    public static Dataset open(Path folder) throws IOException {
        DatasetManifest manifest = DatasetManifest.read(folder);
        Rows train = open(folder, manifest, manifest.train());
        Rows heldOut = open(folder, manifest, manifest.heldOut());
        long[] counts = TokenCounts.read(folder, manifest.tokenizer().vocabularySize());
        String sha256 = Sha256.of(folder.resolve(DatasetManifest.FILE));
        return new Dataset(folder, manifest, sha256, train, heldOut, counts);
    }

    private static Rows open(Path folder, DatasetManifest manifest, DatasetManifest.Split split) throws IOException {
        int rowLength = manifest.options().rowLength();
        List<Shard> shards = new ArrayList<>();
        for (ShardEntry entry : split.shards()) {
            shards.add(entry.open(folder, rowLength, manifest.tokenizer()));
        }
        return new Rows(rowLength, shards);
    }

    /** Returns S, the number of tokens a row. */
    public int length() {
        return manifest.options().rowLength();
    }

    /** Returns how many segments a sequence has at most: 1 or 2. */
    public int segments() {
        return switch (manifest.options().examples()) {
            case PACKED -> 1;
            case SEGMENTS -> 2;
        };
    }

    /** Returns the folder. */
    public Path folder() {
        return folder;
    }

    /** Returns V; every token id is below it. */
    public int vocabularySize() {
        return manifest.tokenizer().vocabularySize();
    }

    /** Returns the ids of the special tokens. */
    public SpecialTokens special() {
        return manifest.tokenizer().special();
    }

    /** Returns the rows to train on. */
    public Rows train() {
        return train;
    }

    /** Returns the rows kept for evaluation. */
    public Rows heldOut() {
        return heldOut;
    }

    /** Returns how many rows there are to train on. */
    public long trainRows() {
        return train.count();
    }

    /** Returns how many rows are kept for evaluation. */
    public long heldOutRows() {
        return heldOut.count();
    }

    /** Returns how many training tokens are not padding. */
    public long trainTokens() {
        return manifest.train().tokens();
    }

    /** Returns the share of training positions that are padding. */
    public double waste() {
        return manifest.train().waste();
    }

    /** Returns how many malformed UTF-8 sequences of the corpus became U+FFFD. */
    public long invalidUtf8() {
        return manifest.invalidUtf8();
    }

    /** Returns how often each token stands in the training split, by id, [CLS] and [SEP] included. */
    public long[] tokenCounts() {
        return tokenCounts.clone();
    }

    /**
     * Returns what an objective has to know of the vocabulary.
     *
     * @throws InputException if the tokenizer can't be read
     */
    public TokenTable tokenTable() {
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder())) {
            return TokenTable.of(tokenizer.vocabulary(), tokenCounts());
        } catch (IOException e) {
            throw FileFailure.unreadable(tokenizerFolder(), e);
        }
    }

    /** Returns the folder that holds the tokenizer's files, from which it can be loaded. */
    public Path tokenizerFolder() {
        return folder.resolve(TOKENIZER_FOLDER);
    }

    /**
     * Loads the tokenizer from {@link #tokenizerFolder} and compares it with the one that made the token ids.
     *
     * @throws InputException if its files are missing, damaged or altered
     */
    public void checkTokenizer() throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder())) {
            if (!tokenizer.fingerprint().equals(tokenizerFingerprint())) {
                throw new InputException(tokenizerFolder()
                        + ": altered: its fingerprint is " + tokenizer.fingerprint() + ", but " + DatasetManifest.FILE
                        + " tells of " + tokenizerFingerprint());
            }
        }
    }

    /** Returns the {@link dev.changeling.tokenizer.Tokenizer#fingerprint} of the tokenizer that made the token ids. */
    public String tokenizerFingerprint() {
        return manifest.tokenizer().sha256();
    }

    /** Returns the SHA-256 of {@code dataset.json}, in hexadecimal, which covers the SHA-256 of every shard. */
    public String sha256() {
        return sha256;
    }

    /**
     * Returns the entropy of the training split's tokens in nats, each taken by itself: the loss of a masked language
     * model that knows frequencies and nothing else. Tokens that are never masked are left out.
     */
    public double unigramEntropy() {
        double[] counts = maskable(tokenCounts);
        return crossEntropy(counts, counts);
    }

    /**
     * Returns the loss in nats, on the held-out split, of a masked language model that knows the training split's
     * frequencies and nothing else. Tokens that are never masked are left out; one is added to every count, so that a
     * token unseen in training has a finite loss.
     */
    public double heldOutUnigramCrossEntropy() {
        long[] counts = new long[vocabularySize()];
        heldOut.count(counts);
        long[] smoothed = tokenCounts();
        for (int i = 0; i < smoothed.length; i++) {
            smoothed[i]++;
        }
        return crossEntropy(maskable(counts), maskable(smoothed));
    }

    private double[] maskable(long[] counts) {
        double[] maskable = new double[counts.length];
        for (int token = 0; token < counts.length; token++) {
            maskable[token] = special().isUnmaskable(token) ? 0 : counts[token];
        }
        return maskable;
    }

    /** Returns −Σ p ln q, for p and q in proportion to the counts. */
    private static double crossEntropy(double[] counts, double[] modelCounts) {
        double total = 0;
        double modelTotal = 0;
        double sum = 0;
        for (int token = 0; token < counts.length; token++) {
            total += counts[token];
            modelTotal += modelCounts[token];
            if (counts[token] > 0) {
                sum += counts[token] * Math.log(modelCounts[token]);
            }
        }
        return total == 0 ? 0 : Math.log(modelTotal) - sum / total;
    }
}
