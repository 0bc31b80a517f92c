package dev.changeling.tokenizer;

import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Learns a WordPiece vocabulary from text, as {@code WordPieceTrainer} of Hugging Face's tokenizers does: special
 * tokens, then the alphabet, then byte-pair encoding (Sennrich, Haddow and Birch, "Neural Machine Translation of Rare
 * Words with Subword Units", 2016) in which every character but a word's first is marked {@code ##}.
 *
 * <p>The result depends on nothing but the words and how often they occur: not on their order, nor the number of
 * threads. Where that library lets the order of a hash table decide, an order is set here: continuing characters get
 * their ids by code point, after the alphabet, and among equally frequent characters at the alphabet's limit those with
 * the lower code points stay.
 */
public final class VocabularyTrainer {
    private final VocabularySettings settings;
    private final VocabularyProgress progress;

    /** @param progress hears how far training has come */
    public VocabularyTrainer(VocabularySettings settings, VocabularyProgress progress) {
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Reads a corpus to its end and returns its vocabulary, which is smaller than asked for if the corpus has too few
     * words.
     *
     * @param corpus read by one thread at a time; not closed
     * @param threads how many threads count words
     * @throws InputException if the corpus has no words, or the size leaves no room for its characters
     */
    public Vocabulary train(DocumentReader corpus, int threads) throws IOException {
        return learn(new WordCounter(corpus, settings.normalization(), progress).count(threads));
    }

    private Vocabulary learn(WordCounts words) {
        if (words.size() == 0) {
            throw new InputException("the corpus has no words; expected text to learn a vocabulary from");
        }
        List<String> tokens = new ArrayList<>(BertSpecialTokens.NAMES);
        CharacterSymbols symbols = CharacterSymbols.of(words, settings.alphabetLimit(), tokens);
        if (tokens.size() > settings.size()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "vocabulary size %d is too small: special tokens and single characters alone are %d tokens; ask for a larger vocabulary or a smaller alphabet",
                    settings.size(),
                    tokens.size()));
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        PairMerger merger = new PairMerger(words, symbols);
        progress.merged(tokens.size(), settings.size());
        while (tokens.size() < settings.size()) {
            PairMerger.Pair pair = merger.mostFrequent();
            if (pair == null || pair.count() < Math.max(1, settings.minimumFrequency())) {
                break;
            }
            String joined = tokens.get(pair.left()) + withoutPrefix(tokens.get(pair.right()));
            Integer known = ids.putIfAbsent(joined, tokens.size());
            if (known == null) {
                tokens.add(joined);
                progress.merged(tokens.size(), settings.size());
            }
            merger.merge(pair, Objects.requireNonNullElse(known, tokens.size() - 1));
        }
        return Vocabulary.of(tokens, "trained vocabulary");
    }

    private static String withoutPrefix(String token) {
        return token.startsWith(TokenTrie.CONTINUATION_PREFIX)
                ? token.substring(TokenTrie.CONTINUATION_PREFIX.length())
                : token;
    }
}
