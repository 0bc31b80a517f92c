package dev.changeling.pretraining;

import dev.changeling.config.MaskingConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.error.InputException;
import dev.changeling.shard.Dataset;
import dev.changeling.tokenizer.SubwordMarks;

/** Whether a data set can be trained or scored on with a configuration. */
final class RunConfigFit {
    private RunConfigFit() {}

    /**
     * @throws InputException if a row is longer than the position table, a sequence has more segments than it may, or
     *     words are to be masked that can't be told from their pieces
     */
    static void check(RunConfig config, Dataset dataset) {
        if (dataset.length() > config.model().maxPositions()) {
            throw new InputException(dataset.folder() + ": holds rows of " + dataset.length()
                    + " tokens, but model.max_positions is " + config.model().maxPositions());
        }
        if (dataset.segments() > config.model().segmentTypes()) {
            throw new InputException(dataset.folder() + ": holds sequences of " + dataset.segments()
                    + " segments, but model.segment_types is " + config.model().segmentTypes());
        }
        MaskingConfig.Unit unit = config.objective().masking().unit();
        if (unit != MaskingConfig.Unit.TOKEN && !dataset.tokenTable().marks().tellWords()) {
            throw new InputException(dataset.folder() + ": its vocabulary has no token that starts with "
                    + SubwordMarks.KNOWN + ", so words can't be told from their pieces; expected"
                    + " objective.masking.unit=token");
        }
    }
}
