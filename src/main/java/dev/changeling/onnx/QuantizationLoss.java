package dev.changeling.onnx;

import dev.changeling.error.InputException;
import dev.changeling.evaluation.ReplacedSequence;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.evaluation.ReplacedTokenReport;
import dev.changeling.evaluation.ReplacedTokenScores;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What quantisation costs: the same discriminator on the same held-out text, once in 32-bit floats and once quantized.
 *
 * @param replacements where the text's replacements come from, in words
 * @param before the scores in 32-bit floats
 * @param after the scores of the quantized graph
 */
public record QuantizationLoss(String replacements, ReplacedTokenReport before, ReplacedTokenReport after) {
    private static final int TOKENS_A_BATCH = 4096;

    /** Scores both graphs of a replaced token detector. */
    static QuantizationLoss measure(Path before, Path after, ReplacedSequences text, int padding) {
        return new QuantizationLoss(
                text.replacements(), score(before, text.sequences(), padding), score(after, text.sequences(), padding));
    }

    /** @throws InputException if a sequence is longer than the position table */
    static void requireFit(ReplacedSequences text, int maxPositions) {
        int longest = text.sequences().stream()
                .mapToInt(sequence -> sequence.tokens().length)
                .max()
                .orElse(0);
        if (longest > maxPositions) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "the data set has sequences of %d tokens; the model has positions for %d",
                    longest,
                    maxPositions));
        }
    }

    private static ReplacedTokenReport score(Path file, List<ReplacedSequence> sequences, int padding) {
        // Neighbours in length share a batch, so that little of it is padding.
        List<ReplacedSequence> byLength = sequences.stream()
                .sorted(Comparator.comparingInt(sequence -> sequence.tokens().length))
                .toList();
        ReplacedTokenScores scores = new ReplacedTokenScores();
        try (OnnxSession session = OnnxSession.open(file)) {
            int from = 0;
            while (from < byLength.size()) {
                int to = from + 1;
                while (to < byLength.size()
                        && (to + 1 - from) * byLength.get(to).tokens().length <= TOKENS_A_BATCH) {
                    to++;
                }
                List<ReplacedSequence> batch = byLength.subList(from, to);
                List<float[]> logits = session.score(batch, padding);
                for (int i = 0; i < logits.size(); i++) {
                    scores.add(batch.get(i), logits.get(i));
                }
                from = to;
            }
        }
        return scores.report();
    }
}
