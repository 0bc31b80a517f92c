package dev.changeling.finetuning;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.task.TextExample;
import dev.changeling.tokenizer.Tokenizer;
import java.util.List;

/**
 * Makes a sequence of a text, or of two.
 *
 * @param tokenizer of the network
 * @param sequences as long as the network takes them
 */
record TextItems(Tokenizer tokenizer, SequenceBuilder sequences) {
    /** Returns both texts of a pair as sequences of their own; a text without a partner twice. */
    List<Sequence> both(TextExample example) {
        Sequence first = sequences.of(tokenizer.ids(example.first()));
        return List.of(first, example.second() == null ? first : sequences.of(tokenizer.ids(example.second())));
    }

    /** Returns a text as a sequence, or two as one. */
    Sequence of(TextExample example) {
        int[] first = tokenizer.ids(example.first());
        return example.second() == null ? sequences.of(first) : sequences.of(first, tokenizer.ids(example.second()));
    }
}
