package dev.changeling.evaluation;

import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.Dataset;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Held-out sentences in each of which one word was swapped for another of like frequency, and the question which token
 * looks wrong. Unlike the scores of {@link Evaluator}, it doesn't depend on a generator: the same test can be put to
 * any discriminator with this vocabulary.
 *
 * <p>Immutable. The sentences are a function of the data set, the vocabulary and the seed.
 */
public final class SwapTest {
    // Coordinates of the random numbers.
    private static final long CHOICE = 0;
    private static final long SWAP = 1;

    private final List<SwappedSentence> sentences;

    private SwapTest(List<SwappedSentence> sentences) {
        this.sentences = List.copyOf(sentences);
    }

    /** Tells for each token of each sentence how likely it was replaced. */
    @FunctionalInterface
    public interface Scorer {
        /**
         * Returns a score for every token of every sequence, in the order given; higher is more suspect.
         *
         * @param sequences token ids, [CLS] and [SEP] included
         */
        List<float[]> score(List<int[]> sequences);
    }

    /**
     * Draws sentences and swaps a word in each.
     *
     * @param vocabulary that the data set was tokenized with
     * @param most how many sentences; fewer are taken if the data set holds no more
     * @throws InputException if it holds none with a word that can be swapped, or the vocabulary doesn't tell words
     *     from their pieces or isn't the data set's
     */
    public static SwapTest draw(Dataset dataset, Vocabulary vocabulary, int most, long seed) {
        if (vocabulary.size() != dataset.vocabularySize()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "the vocabulary has %d tokens, but the data set was made with one of %d",
                    vocabulary.size(),
                    dataset.vocabularySize()));
        }
        WholeWords words = new WholeWords(vocabulary, dataset.train());
        Sample sample = new Sample(most, RandomStream.of(seed, Purpose.SWAPS, CHOICE));
        new HeldOutSentences(dataset, vocabulary).forEach(sentence -> {
            if (words.swappable(sentence).length > 0) {
                sample.offer(sentence);
            }
        });
        if (sample.kept.isEmpty()) {
            throw new InputException("the held-out rows have no sentence of 5 to 40 tokens with a word to swap");
        }
        List<SwappedSentence> swapped = new ArrayList<>();
        for (int i = 0; i < sample.kept.size(); i++) {
            RandomStream random = RandomStream.of(seed, Purpose.SWAPS, SWAP, i);
            swapped.add(swap(sample.kept.get(i), words, dataset.special(), random));
        }
        return new SwapTest(swapped);
    }

    private static SwappedSentence swap(int[] sentence, WholeWords words, SpecialTokens special, RandomStream random) {
        int[] swappable = words.swappable(sentence);
        int place = swappable[random.nextInt(swappable.length)];
        int[] tokens = new int[sentence.length + 2];
        tokens[0] = special.classify();
        System.arraycopy(sentence, 0, tokens, 1, sentence.length);
        tokens[sentence.length + 1] = special.separator();
        tokens[place + 1] = words.neighbour(sentence[place], random);
        return new SwappedSentence(tokens, place + 1, sentence[place], swappable.length);
    }

    /** Returns the sentences that are asked about. */
    public List<SwappedSentence> sentences() {
        return sentences;
    }

    /** Puts the test to a discriminator. */
    public SwapReport run(Scorer scorer) {
        List<float[]> scores =
                scorer.score(sentences.stream().map(SwappedSentence::tokens).toList());
        double hits = 0;
        double chanceHits = 0;
        double ranks = 0;
        double chanceRanks = 0;
        double auc = 0;
        for (int i = 0; i < sentences.size(); i++) {
            float[] of = scores.get(i);
            int position = sentences.get(i).position();
            int below = 0;
            int tied = 0;
            int others = of.length - 3;
            for (int token = 1; token < of.length - 1; token++) {
                if (token != position) {
                    below += of[token] < of[position] ? 1 : 0;
                    tied += of[token] == of[position] ? 1 : 0;
                }
            }
            // What is neither, NaN among it, counts against the discriminator.
            int above = others - below - tied;
            hits += above == 0 ? 1.0 / (1 + tied) : 0;
            chanceHits += 1.0 / sentences.get(i).candidates();
            ranks += 1 + above + tied / 2.0;
            chanceRanks += 1 + others / 2.0;
            auc += (below + tied / 2.0) / others;
        }
        int n = sentences.size();
        return new SwapReport(n, hits / n, chanceHits / n, ranks / n, chanceRanks / n, auc / n);
    }

    /** An even sample of a stream whose length isn't known (Vitter, "Random sampling with a reservoir", 1985). */
    private static final class Sample {
        private final int most;
        private final RandomStream random;
        private final List<int[]> kept = new ArrayList<>();
        private int offered;

        Sample(int most, RandomStream random) {
            this.most = most;
            this.random = random;
        }

        void offer(int[] sentence) {
            offered++;
            if (kept.size() < most) {
                kept.add(sentence);
                return;
            }
            int place = random.nextInt(offered);
            if (place < most) {
                kept.set(place, sentence);
            }
        }
    }
}
