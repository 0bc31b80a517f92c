package dev.changeling.cli;

import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.pretraining.TrainedRun;
import dev.changeling.shard.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer that a run's networks need beside them.
 *
 * @param folder that holds its files
 * @param sequenceLength the longest sequence that the run was trained on, in tokens
 */
record RunTokenizer(Path folder, int sequenceLength) {

    /**
     * Finds it in the data set, or in what a finished run has exported.
     *
     * @throws InputException if the run is not finished and no data set is given, or the data set is another's
     */
    static RunTokenizer of(Path run, TrainedRun trained, @Nullable Path data) throws IOException {
        if (data != null) {
            Dataset dataset = Dataset.open(data);
            trained.requireSameTokenizer(dataset);
            dataset.checkTokenizer();
            return new RunTokenizer(dataset.tokenizerFolder(), dataset.length());
        }
        Path finished = run.resolve("model").resolve(HuggingFaceExport.DISCRIMINATOR);
        if (!Files.exists(finished)) {
            throw new InputException(
                    run + ": not finished, so it has no tokenizer yet; expected --data, the shards that it reads");
        }
        try (Pretrained<TransformerEncoder> encoder =
                HuggingFaceImport.readEncoder(finished, trained.model().engine())) {
            return new RunTokenizer(finished, encoder.sequenceLength());
        }
    }
}
