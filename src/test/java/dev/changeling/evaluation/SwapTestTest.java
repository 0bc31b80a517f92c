package dev.changeling.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestConfigs;
import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.shard.Dataset;
import dev.changeling.shard.ExampleFormat;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.shard.RandomDocuments;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.WordPieceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapTestTest {
    private static final long SEED = 4;
    /** Words of two letters, the first of them frequent. */
    private static final List<String> WORDS = IntStream.range(0, 200)
            .mapToObj(i -> "" + (char) ('a' + i / 20) + (char) ('a' + i % 20))
            .toList();

    /** A word of the vocabulary that stands in no text by itself. */
    private static final String ONLY_A_PIECE = WORDS.get(21);

    private static final Vocabulary VOCABULARY = new Vocabulary(
            Stream.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"), WORDS, List.of("##x", ".", "!", "7"))
                    .flatMap(List::stream)
                    .toList(),
            TestConfigs.SPECIAL);

    @TempDir
    Path temporary;

    /** Returns sentences of these lengths, in words; one word in six has a piece more, and there is a number. */
    private static String sentences(RandomStream random, int... lengths) {
        StringBuilder text = new StringBuilder();
        for (int length : lengths) {
            for (int i = 0; i < length - 1; i++) {
                double uniform = random.nextDouble();
                String word = WORDS.get((int) (WORDS.size() * uniform * uniform));
                boolean isPiece = word.equals(ONLY_A_PIECE) || random.nextInt(6) == 0;
                text.append(word).append(isPiece ? "x " : " ");
            }
            text.append("7. ");
        }
        return text.toString();
    }

    private Dataset dataset(List<String> texts, int rowLength, ExampleFormat examples) throws IOException {
        Path tokenizer = Files.writeString(temporary.resolve("vocab.txt"), "not read", UTF_8);
        PrepareOptions options = new PrepareOptions(rowLength, examples, 0.2, SEED, 1 << 20);
        return Prepare.run(
                RandomDocuments.of(texts),
                new WordPieceTokenizer(VOCABULARY, BertNormalization.UNCASED),
                tokenizer,
                options,
                1,
                temporary.resolve("data"),
                progress -> {});
    }

    private Dataset glosses() throws IOException {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            texts.add(sentences(random, 2 + random.nextInt(20)));
        }
        return dataset(texts, 128, ExampleFormat.PACKED);
    }

    private static SwapTest.Scorer scorer(SwapTest test, float before, float at, float after) {
        return sequences -> {
            List<float[]> scores = new ArrayList<>();
            for (int i = 0; i < sequences.size(); i++) {
                float[] of = new float[sequences.get(i).length];
                int position = test.sentences().get(i).position();
                Arrays.fill(of, 0, position, before);
                of[position] = at;
                Arrays.fill(of, position + 1, of.length, after);
                // [CLS] and [SEP] are not of the sentence.
                of[0] = 99;
                of[of.length - 1] = 99;
                scores.add(of);
            }
            return scores;
        };
    }

    @Test
    void oneWholeWordIsSwappedForAnotherOfLikeFrequency() throws IOException {
        Dataset dataset = glosses();
        SwapTest test = SwapTest.draw(dataset, VOCABULARY, 150, SEED);
        Set<List<Integer>> heldOut = sequences(dataset);
        List<Integer> byCount = wholeWordsByCount(dataset);
        assertThat(byCount).doesNotContain(VOCABULARY.id(ONLY_A_PIECE)).hasSizeGreaterThan(190);
        Set<Integer> places = new HashSet<>();
        assertThat(test.sentences()).hasSize(150).allSatisfy(sentence -> {
            int[] tokens = sentence.tokens().clone();
            int position = sentence.position();
            assertThat(tokens.length).isBetween(7, 42);
            assertThat(byCount).contains(tokens[position]);
            assertThat(tokens[position]).isNotEqualTo(sentence.original());
            assertThat(VOCABULARY.token(tokens[position + 1])).doesNotStartWith("##");
            int rank = byCount.indexOf(sentence.original());
            assertThat(Math.abs(byCount.indexOf(tokens[position]) - rank)).isLessThanOrEqualTo(Math.max(5, rank / 5));
            tokens[position] = sentence.original();
            assertThat(heldOut).contains(Arrays.stream(tokens).boxed().toList());
            places.add(position);
        });
        assertThat(places.size()).isGreaterThan(10);
    }

    private static List<Integer> wholeWordsByCount(Dataset dataset) {
        long[] counts = new long[VOCABULARY.size()];
        int[] row = new int[dataset.length()];
        for (long number = 0; number < dataset.trainRows(); number++) {
            dataset.train().copyTokens(number, row, 0);
            for (int i = 0; i + 1 < row.length; i++) {
                counts[row[i]] += VOCABULARY.token(row[i + 1]).startsWith("##") ? 0 : 1;
            }
        }
        return IntStream.range(0, counts.length)
                .filter(token -> WORDS.contains(VOCABULARY.token(token)) && counts[token] > 0)
                .boxed()
                .sorted((a, b) -> Long.compare(counts[b], counts[a]))
                .toList();
    }

    private static Set<List<Integer>> sequences(Dataset dataset) {
        Set<List<Integer>> sequences = new HashSet<>();
        int[] row = new int[dataset.length()];
        for (long number = 0; number < dataset.heldOutRows(); number++) {
            dataset.heldOut().copyTokens(number, row, 0);
            int at = 0;
            for (int i = 0; i < dataset.heldOut().sequences(number); i++) {
                int end = at + dataset.heldOut().sequenceLength(number, i);
                sequences.add(Arrays.stream(row, at, end).boxed().toList());
                at = end;
            }
        }
        return sequences;
    }

    @Test
    void inLongTextSentencesEndWhereTheirEndsAre() throws IOException {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            texts.add(sentences(
                    random,
                    IntStream.generate(() -> 3 + random.nextInt(45)).limit(60).toArray()));
        }
        Dataset dataset = dataset(texts, 128, ExampleFormat.PACKED);
        SwapTest test = SwapTest.draw(dataset, VOCABULARY, 1000, SEED);
        Set<Integer> lengths = new HashSet<>();
        int end = VOCABULARY.id(".");
        long whole = test.sentences().stream()
                .filter(sentence -> {
                    int[] tokens = sentence.tokens();
                    lengths.add(tokens.length - 2);
                    return tokens[tokens.length - 2] == end
                            && Arrays.stream(tokens).filter(t -> t == end).count() == 1;
                })
                .count();
        // The rest are what the packing has cut off at the end of a document.
        assertThat(whole).isGreaterThan(test.sentences().size() * 9 / 10);
        assertThat(lengths).allMatch(length -> length >= 5 && length <= 40).hasSizeGreaterThan(25);
    }

    @Test
    void segmentsAreSentencesOfTheirOwn() throws IOException {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            texts.add(sentences(random, 12) + "\n" + sentences(random, 12));
        }
        Dataset dataset = dataset(texts, 64, ExampleFormat.SEGMENTS);
        SwapTest test = SwapTest.draw(dataset, VOCABULARY, 1000, SEED);
        assertThat(test.sentences())
                .allSatisfy(sentence -> assertThat(Arrays.stream(sentence.tokens())
                                .filter(token -> token == TestConfigs.SPECIAL.separator())
                                .count())
                        .isEqualTo(1));
    }

    @Test
    void theSeedDecides() throws IOException {
        Dataset dataset = glosses();
        SwapTest first = SwapTest.draw(dataset, VOCABULARY, 50, SEED);
        SwapTest again = SwapTest.draw(dataset, VOCABULARY, 50, SEED);
        SwapTest other = SwapTest.draw(dataset, VOCABULARY, 50, SEED + 1);
        assertThat(again.sentences())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(first.sentences());
        assertThat(other.sentences())
                .usingRecursiveFieldByFieldElementComparator()
                .isNotEqualTo(first.sentences());
    }

    @Test
    void whoKnowsTheSwapFindsItAlways() throws IOException {
        SwapTest test = SwapTest.draw(glosses(), VOCABULARY, 100, SEED);
        SwapReport report = test.run(scorer(test, -1, 0, -1));
        assertThat(report.sentences()).isEqualTo(100);
        assertThat(report.hitRate()).isEqualTo(1);
        assertThat(report.meanRank()).isEqualTo(1);
        assertThat(report.auc()).isEqualTo(1);
        double chance = 0;
        double rank = 0;
        for (SwappedSentence sentence : test.sentences()) {
            int tokens = sentence.tokens().length - 2;
            chance += 1.0 / candidates(sentence) / 100;
            rank += (tokens + 1) / 2.0 / 100;
        }
        assertThat(report.chanceHitRate()).isCloseTo(chance, within(1e-12));
        assertThat(report.chanceMeanRank()).isCloseTo(rank, within(1e-12));
    }

    /** Returns how many places of the sentence hold a word that could have been swapped. */
    private static int candidates(SwappedSentence sentence) {
        int[] tokens = sentence.tokens();
        return (int) IntStream.range(1, tokens.length - 1)
                .filter(i -> WORDS.contains(VOCABULARY.token(tokens[i])))
                .filter(i -> !VOCABULARY.token(tokens[i + 1]).startsWith("##"))
                .count();
    }

    @Test
    void whoSaysTheSameOfEveryTokenIsAtChance() throws IOException {
        SwapTest test = SwapTest.draw(glosses(), VOCABULARY, 100, SEED);
        SwapReport report = test.run(scorer(test, 0.5f, 0.5f, 0.5f));
        double oneOfAllTokens = test.sentences().stream()
                .mapToDouble(sentence -> 1.0 / (sentence.tokens().length - 2))
                .average()
                .orElseThrow();
        assertThat(report.hitRate()).isCloseTo(oneOfAllTokens, within(1e-12)).isLessThan(report.chanceHitRate());
        assertThat(report.meanRank()).isCloseTo(report.chanceMeanRank(), within(1e-12));
        assertThat(report.auc()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void ranksCountWhatIsMoreSuspected() throws IOException {
        SwapTest test = SwapTest.draw(glosses(), VOCABULARY, 100, SEED);
        SwapReport report = test.run(scorer(test, 1, 0, -1));
        double hits = 0;
        double rank = 0;
        double auc = 0;
        for (SwappedSentence sentence : test.sentences()) {
            hits += sentence.position() == 1 ? 0.01 : 0;
            rank += sentence.position() / 100.0;
            int after = sentence.tokens().length - 2 - sentence.position();
            auc += after / (sentence.tokens().length - 3.0) / 100;
        }
        assertThat(hits).isBetween(0.01, 0.5);
        assertThat(report.hitRate()).isCloseTo(hits, within(1e-9));
        assertThat(report.meanRank()).isCloseTo(rank, within(1e-9));
        assertThat(report.auc()).isCloseTo(auc, within(1e-9));
    }

    @Test
    void scoresThatAreNoNumbersFindNothing() throws IOException {
        SwapTest test = SwapTest.draw(glosses(), VOCABULARY, 10, SEED);
        SwapReport report = test.run(scorer(test, Float.NaN, Float.NaN, Float.NaN));
        assertThat(report.hitRate()).isZero();
        assertThat(report.auc()).isZero();
    }

    @Test
    void textWithoutSentencesIsRefused() throws IOException {
        Dataset dataset = dataset(List.of("aa ab.", "ac ad.", "ae af."), 16, ExampleFormat.PACKED);
        assertThatThrownBy(() -> SwapTest.draw(dataset, VOCABULARY, 10, SEED))
                .isInstanceOf(InputException.class)
                .hasMessage("the held-out rows have no sentence of 5 to 40 tokens with a word to swap");
    }

    @Test
    void vocabulariesThatDoNotFitAreRefused() throws IOException {
        Dataset dataset = glosses();
        List<String> tokens = new ArrayList<>(VOCABULARY.tokens());
        tokens.set(tokens.indexOf("##x"), "x");
        assertThatThrownBy(() -> SwapTest.draw(dataset, new Vocabulary(tokens, TestConfigs.SPECIAL), 10, SEED))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "the vocabulary has no token that starts with ## (WordPiece), U+2581 (SentencePiece) or U+0120"
                                + " (byte-level BPE); the swap test needs to tell words from their pieces");
        tokens.add("more");
        assertThatThrownBy(() -> SwapTest.draw(dataset, new Vocabulary(tokens, TestConfigs.SPECIAL), 10, SEED))
                .isInstanceOf(InputException.class)
                .hasMessage("the vocabulary has 210 tokens, but the data set was made with one of 209");
    }
}
