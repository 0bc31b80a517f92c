package dev.changeling.tokenizer;

import java.util.List;

/** The names that BERT's special tokens have in a vocabulary, in the order of the ids that training gives them. */
final class BertSpecialTokens {
    static final String PADDING = "[PAD]";
    static final String UNKNOWN = "[UNK]";
    static final String CLASSIFY = "[CLS]";
    static final String SEPARATOR = "[SEP]";
    static final String MASK = "[MASK]";

    static final List<String> NAMES = List.of(PADDING, UNKNOWN, CLASSIFY, SEPARATOR, MASK);

    private BertSpecialTokens() {}
}
