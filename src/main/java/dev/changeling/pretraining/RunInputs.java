package dev.changeling.pretraining;

import dev.changeling.hub.WarmStart;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run reads, under the names that its provenance has for it. */
final class RunInputs {
    /** The prepared data set. */
    static final String DATASET = "dataset";
    /** Its tokenizer. */
    static final String TOKENIZER = "tokenizer";
    /** The networks that a run started from, if there were any. */
    static final String INIT_FROM = "init_from";

    /** Rows to train on. */
    static final String TRAIN_ROWS = "train_rows";
    /** Their tokens, padding not counted. */
    static final String TRAIN_TOKENS = "train_tokens";
    /** Rows kept for evaluation. */
    static final String HELD_OUT_ROWS = "held_out_rows";
    /** S, tokens a row. */
    static final String ROW_LENGTH = "row_length";

    private RunInputs() {}

    /** Returns the SHA-256 of each. */
    static Map<String, String> hashes(Dataset dataset, @Nullable WarmStart warmStart) throws IOException {
        Map<String, String> inputs = new HashMap<>();
        inputs.put(DATASET, dataset.sha256());
        inputs.put(TOKENIZER, dataset.tokenizerFingerprint());
        if (warmStart != null) {
            inputs.put(INIT_FROM, warmStart.sha256());
        }
        return inputs;
    }

    /** Returns how much data there is. */
    static Map<String, Long> sizes(Dataset dataset) {
        return Map.of(
                TRAIN_ROWS, dataset.trainRows(),
                TRAIN_TOKENS, dataset.trainTokens(),
                HELD_OUT_ROWS, dataset.heldOutRows(),
                ROW_LENGTH, (long) dataset.length());
    }
}
