package dev.changeling.hub;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.model.StandaloneModel;
import dev.changeling.tokenizer.Tokenizer;

/**
 * What a folder of Hugging Face's form holds, ready for use.
 *
 * @param model the network with its weights
 * @param tokenizer that it was trained with
 * @param sequenceLength the longest sequence that it can be given, in tokens, [CLS] and [SEP] included
 * @param <N> the network
 */
public record Pretrained<N>(StandaloneModel<N> model, Tokenizer tokenizer, int sequenceLength)
        implements AutoCloseable {

    /** Returns what makes sequences that the network can be given. */
    public SequenceBuilder sequences() {
        return new SequenceBuilder(tokenizer.vocabulary().special(), sequenceLength);
    }

    /** Returns the id of [PAD]. */
    public int padding() {
        return tokenizer.vocabulary().special().padding();
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
