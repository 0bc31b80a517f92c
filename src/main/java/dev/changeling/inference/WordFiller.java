package dev.changeling.inference;

import dev.changeling.batch.SequenceBuilder;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Generator;
import dev.changeling.model.MaskedTokenPredictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Fills the places of words with what a generator finds likeliest; see {@link Suggester}. */
final class WordFiller {
    /** A longer word is hidden by one [MASK] only, so that its cost is bounded. */
    private static final int MOST_PIECES = 8;

    private final MaskedTokenPredictor predictor;
    private final SequenceBuilder sequences;
    private final Pieces pieces;
    private final int tokens;
    private final int mask;
    private final int mostPieces;
    private final int most;

    WordFiller(Pretrained<Generator> pretrained, Pieces pieces, int most) {
        this.predictor = MaskedTokenPredictor.of(pretrained.model(), pretrained.padding());
        this.sequences = pretrained.sequences();
        this.pieces = pieces;
        // A network may have more tokens than its tokenizer, padded to a round number.
        this.tokens = pretrained.tokenizer().vocabulary().size();
        this.mask = pretrained.tokenizer().vocabulary().special().mask();
        this.mostPieces = Math.min(MOST_PIECES, pretrained.sequenceLength() - 2);
        this.most = most;
    }

    List<Expectation> fill(List<MaskedWord> words) {
        List<int[]> asked = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (MaskedWord word : words) {
            for (int piece = 0; piece < chained(word); piece++) {
                Filling beginning = new Filling(Arrays.copyOf(word.pieces(), piece), 0);
                asked.add(word.with(beginning.masked(word.pieces().length, mask), sequences));
                positions.add(word.position() + piece);
            }
            if (needsOneMask(word)) {
                asked.add(word.with(new int[] {mask}, sequences));
                positions.add(word.position());
            }
        }
        Iterator<float[]> answers = predict(asked, positions).iterator();
        List<Expectation> expectations = new ArrayList<>();
        for (MaskedWord word : words) {
            List<float[]> chain = new ArrayList<>();
            for (int piece = 0; piece < chained(word); piece++) {
                chain.add(answers.next());
            }
            expectations.add(expectation(word, chain, needsOneMask(word) ? answers.next() : null));
        }
        return expectations;
    }

    private int chained(MaskedWord word) {
        return word.pieces().length <= mostPieces ? word.pieces().length : 0;
    }

    private static boolean needsOneMask(MaskedWord word) {
        return word.pieces().length > 1;
    }

    /**
     * @param chain what the generator expects at each piece, given the word's pieces before it
     * @param oneMask what it expects where one [MASK] hides all of them; null for a word of one piece or none
     */
    private Expectation expectation(MaskedWord word, List<float[]> chain, float @Nullable [] oneMask) {
        List<Filling> fillings = new ArrayList<>();
        if (!chain.isEmpty()) {
            fillings.addAll(beam(word, chain.get(0)));
        }
        if (oneMask != null) {
            fillings.addAll(begun(word, oneMask));
        }
        fillings.sort(Filling.LIKELIEST_FIRST);
        Set<String> texts = new HashSet<>(List.of(pieces.text(word.pieces()), ""));
        List<Expected> expected = new ArrayList<>();
        for (Filling filling : fillings) {
            String text = pieces.text(filling.pieces());
            if (expected.size() < most && texts.add(text)) {
                expected.add(new Expected(text, Math.exp(filling.logProbability())));
            }
        }
        return new Expectation(original(word, chain), expected);
    }

    private @Nullable Double original(MaskedWord word, List<float[]> chain) {
        if (chain.isEmpty() || Arrays.stream(word.pieces()).anyMatch(pieces::isUnknown)) {
            return null;
        }
        double logProbability = 0;
        for (int piece = 0; piece < chain.size(); piece++) {
            logProbability += chain.get(piece)[word.pieces()[piece]];
        }
        return Math.exp(logProbability);
    }

    private List<Filling> begun(MaskedWord word, float[] logProbabilities) {
        // One more than is asked for: the word itself may be among them.
        int first = word.pieces()[0];
        return Filling.EMPTY.extended(logProbabilities, tokens, token -> pieces.canBegin(token, first), most + 1);
    }

    private List<Filling> beam(MaskedWord word, float[] atTheFirst) {
        List<Filling> beam = begun(word, atTheFirst);
        int length = word.pieces().length;
        for (int piece = 1; piece < length; piece++) {
            List<int[]> asked = beam.stream()
                    .map(filling -> word.with(filling.masked(length, mask), sequences))
                    .toList();
            int position = word.position() + piece;
            Iterator<float[]> answers = predict(
                            asked, asked.stream().map(sequence -> position).toList())
                    .iterator();
            beam = beam.stream()
                    .flatMap(filling -> filling
                            .extended(
                                    answers.next(),
                                    tokens,
                                    token -> pieces.canContinue(filling.last(), token),
                                    most + 1)
                            .stream())
                    .sorted(Filling.LIKELIEST_FIRST)
                    .limit(most + 1L)
                    .toList();
        }
        return beam;
    }

    private List<float[]> predict(List<int[]> asked, List<Integer> positions) {
        return predictor.predict(
                asked, positions.stream().mapToInt(Integer::intValue).toArray());
    }
}
