package dev.changeling.tokenizer;

/** Hears how far the training of a vocabulary has come, every now and then and at the end of each stage. */
public interface VocabularyProgress {
    /** Hears nothing. */
    VocabularyProgress NONE = new VocabularyProgress() {
        @Override
        public void counted(long documents, long words) {}

        @Override
        public void merged(int tokens, int size) {}
    };

    /**
     * Words are being counted. Called by several threads, one at a time.
     *
     * @param documents how many documents have been counted
     * @param words how many words they have, repeated ones included
     */
    void counted(long documents, long words);

    /**
     * Pieces are being joined.
     *
     * @param tokens how many tokens the vocabulary has
     * @param size how many it may have
     */
    void merged(int tokens, int size);
}
