package dev.changeling.evaluation;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Swaps some words of texts for words that stood before them, each as often as it stands there: errors of which one
 * knows where they are. Words of letters alone count as words; the first thousand are let be. Not safe for use by
 * several threads.
 */
public final class WordSwaps {
    private static final int FIRST = 1_000;
    private static final int REMEMBERED = 10_000;

    private final int oneIn;
    private final RandomStream random;
    /** An even sample of the words so far (Vitter, "Random sampling with a reservoir", 1985). */
    private final List<String> remembered = new ArrayList<>();

    private int words;
    private int swaps;

    /**
     * A text and what is wrong in it.
     *
     * @param text with the swapped words
     * @param swapped where they stand, in their order
     */
    public record Swapped(String text, List<Place> swapped) {
        /** In UTF-16 units, the end not included. */
        public record Place(int start, int end) {
            /** Returns whether some of a stretch is in this one. */
            public boolean meets(int from, int to) {
                return from < end && to > start;
            }
        }
    }

    /** @param oneIn of so many words about one is swapped */
    public WordSwaps(int oneIn, long seed) {
        this.oneIn = oneIn;
        this.random = RandomStream.of(seed, Purpose.SWAPS);
    }

    /** Returns a text with some of its words swapped. */
    public Swapped swap(String text) {
        StringBuilder swapped = new StringBuilder();
        List<Swapped.Place> places = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
        breaks.setText(text);
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            String word = text.substring(from, to);
            if (isWord(word)) {
                String other = other(word);
                if (!other.equals(word)) {
                    places.add(new Swapped.Place(swapped.length(), swapped.length() + other.length()));
                    swaps++;
                }
                swapped.append(other);
                remember(word);
            } else {
                swapped.append(word);
            }
            from = to;
        }
        return new Swapped(swapped.toString(), places);
    }

    /** Returns whether a stretch is made of letters and their marks. */
    private static boolean isWord(String stretch) {
        return Character.isLetter(stretch.codePointAt(0))
                && stretch.codePoints().allMatch(c -> Character.isLetter(c) || isMark(c));
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Returns what is to stand in place of a word: mostly the word itself. */
    private String other(String word) {
        if (words < FIRST || random.nextInt(oneIn) != 0) {
            return word;
        }
        String drawn = remembered.get(random.nextInt(remembered.size()));
        if (drawn.equalsIgnoreCase(word)) {
            return word;
        }
        // A capital would tell by itself.
        return Character.isUpperCase(word.codePointAt(0)) ? capitalized(drawn) : drawn.toLowerCase(Locale.ROOT);
    }

    private static String capitalized(String word) {
        int end = word.offsetByCodePoints(0, 1);
        return word.substring(0, end).toUpperCase(Locale.ROOT) + word.substring(end);
    }

    private void remember(String word) {
        words++;
        if (remembered.size() < REMEMBERED) {
            remembered.add(word);
            return;
        }
        int place = random.nextInt(words);
        if (place < REMEMBERED) {
            remembered.set(place, word);
        }
    }

    /** Returns how many words of letters were seen so far. */
    public int words() {
        return words;
    }

    /** Returns how many of them were swapped. */
    public int swaps() {
        return swaps;
    }
}
