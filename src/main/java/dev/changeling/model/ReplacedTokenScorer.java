package dev.changeling.model;

import dev.changeling.batch.Sequence;
import dev.changeling.tensor.Engine;
import java.util.List;

/**
 * Asks a discriminator about sequences as they come, any number of any length. Safe for use by several threads.
 *
 * @param engine that holds the discriminator
 * @param discriminator what is asked
 * @param padding the id of [PAD]
 */
public record ReplacedTokenScorer(Engine engine, Discriminator discriminator, int padding) {
    /** @param padding the id of [PAD] */
    public static ReplacedTokenScorer of(StandaloneModel<Discriminator> model, int padding) {
        return new ReplacedTokenScorer(model.engine(), model.network(), padding);
    }

    /**
     * Returns the logit of "replaced" for every token of every sequence, in the order given, without dropout.
     *
     * @param sequences token ids, [CLS] and [SEP] included; none empty, and none longer than the position table
     */
    public List<float[]> score(List<int[]> sequences) {
        return new SequenceOutputs(engine, discriminator, padding)
                .of(sequences.stream().map(Sequence::of).toList());
    }
}
