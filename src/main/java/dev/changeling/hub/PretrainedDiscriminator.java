package dev.changeling.hub;

import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import dev.changeling.model.StandaloneModel;
import dev.changeling.tokenizer.Tokenizer;

/**
 * What a discriminator's folder holds, ready for use.
 *
 * @param model the network with its weights
 * @param tokenizer that it was trained with
 * @param sequenceLength the longest sequence that it can be given, in tokens, [CLS] and [SEP] included
 */
public record PretrainedDiscriminator(StandaloneModel<Discriminator> model, Tokenizer tokenizer, int sequenceLength)
        implements AutoCloseable {

    /** Returns what asks the network about sequences. */
    public ReplacedTokenScorer scorer() {
        return new ReplacedTokenScorer(
                model.engine(),
                model.network(),
                tokenizer.vocabulary().special().padding());
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
