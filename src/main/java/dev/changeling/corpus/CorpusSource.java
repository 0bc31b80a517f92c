package dev.changeling.corpus;

/** A stretch of a corpus: a file, standard input, or the text that comes with the program. */
sealed interface CorpusSource permits CorpusFile, CorpusSource.WordNet {

    /** Returns what messages call it. */
    String name();

    /** The glosses of WordNet. */
    record WordNet() implements CorpusSource {
        @Override
        public String name() {
            return CorpusOptions.WORDNET;
        }
    }
}
