package dev.changeling.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The single characters that a vocabulary begins with, as symbols: one for a character at the start of a word and
 * another for the same character further on. Symbols are token ids.
 */
final class CharacterSymbols {
    private final Map<Integer, Integer> first;
    private final Map<Integer, Integer> continuing;

    private CharacterSymbols(Map<Integer, Integer> first, Map<Integer, Integer> continuing) {
        this.first = first;
        this.continuing = continuing;
    }

    /**
     * Finds the characters of some words and appends their tokens.
     *
     * @param limit how many characters at most, the most frequent ones
     * @param tokens the tokens so far
     */
    static CharacterSymbols of(WordCounts words, int limit, List<String> tokens) {
        Map<Integer, Long> frequencies = new HashMap<>();
        Set<Integer> afterFirst = new HashSet<>();
        for (int word = 0; word < words.size(); word++) {
            for (int at = words.start(word); at < words.end(word); at++) {
                frequencies.merge(words.codePoint(at), words.count(word), Long::sum);
                if (at > words.start(word)) {
                    afterFirst.add(words.codePoint(at));
                }
            }
        }
        List<Integer> alphabet = new ArrayList<>(frequencies.keySet());
        alphabet.sort(Comparator.<Integer, Long>comparing(frequencies::get)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
        List<Integer> kept = new ArrayList<>(alphabet.subList(0, Math.min(limit, alphabet.size())));
        kept.sort(Comparator.naturalOrder());
        Map<Integer, Integer> first = new HashMap<>();
        for (int codePoint : kept) {
            first.put(codePoint, tokens.size());
            tokens.add(Character.toString(codePoint));
        }
        Map<Integer, Integer> continuing = new HashMap<>();
        for (int codePoint : kept) {
            if (afterFirst.contains(codePoint)) {
                continuing.put(codePoint, tokens.size());
                tokens.add(TokenTrie.CONTINUATION_PREFIX + Character.toString(codePoint));
            }
        }
        return new CharacterSymbols(first, continuing);
    }

    /**
     * Writes a word as symbols, leaving out characters that the alphabet lacks.
     *
     * @return the index after the last symbol written
     */
    int write(WordCounts words, int word, int[] symbols, int at) {
        int next = at;
        for (int i = words.start(word); i < words.end(word); i++) {
            Integer symbol = (i == words.start(word) ? first : continuing).get(words.codePoint(i));
            if (symbol != null) {
                symbols[next++] = symbol;
            }
        }
        return next;
    }
}
