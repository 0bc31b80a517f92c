package dev.changeling.finetuning;

import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceBuilder;
import dev.changeling.task.TextExample;
import dev.changeling.tokenizer.Tokenizer;

/**
 * Makes a sequence of a text, or of two.
 *
 * @param tokenizer of the network
 * @param sequences as long as the network takes them
 */
record TextItems(Tokenizer tokenizer, SequenceBuilder sequences) {
    Sequence of(TextExample example) {
        int[] first = tokenizer.ids(example.first());
        return example.second() == null ? sequences.of(first) : sequences.of(first, tokenizer.ids(example.second()));
    }
}
