package dev.changeling.pretraining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A model card's list of what not to expect. */
final class LimitsText {
    /**
     * 1,000,000 steps of 128 rows of 128 tokens: ELECTRA (Clark et al. 2020), appendix A, and {@code configs/small}.
     */
    private static final long TOKENS_OF_ELECTRA_SMALL = 1_000_000L * 128 * 128;

    private LimitsText() {}

    static String ofDiscriminator(RunFacts facts) {
        List<String> limits = ofBoth(facts);
        if (facts.detects()) {
            limits.add(
                    "A token that is called replaced is one that the network would not expect there, which does not make"
                            + " it wrong. Its probabilities belong to text with as many replaced tokens as in training;"
                            + " other text has fewer.");
        }
        limits.add("It is pre-trained only: for other tasks it needs fine-tuning.");
        return list(limits);
    }

    static String ofEncoder(RunFacts facts) {
        List<String> limits = ofBoth(facts);
        limits.add("It is pre-trained only: its vectors, averaged over a text, are a start, and fine-tuning makes them"
                + " good.");
        return list(limits);
    }

    static String ofGenerator(RunFacts facts) {
        List<String> limits = ofBoth(facts);
        limits.add("It is made small so that what it writes can be found; it is not the encoder to fine-tune.");
        return list(limits);
    }

    private static List<String> ofBoth(RunFacts facts) {
        List<String> limits = new ArrayList<>();
        if (!facts.finished()) {
            limits.add(String.format(
                    Locale.ROOT,
                    "The training is not finished: %,d of %,d steps.",
                    facts.step(),
                    facts.config().training().steps()));
        }
        limits.add(
                "It knows the kind of text that it was trained on, with what is wrong or one-sided in it; expect less on"
                        + " other text.");
        if (facts.tokens() < TOKENS_OF_ELECTRA_SMALL && !facts.inputs().containsKey(RunInputs.INIT_FROM)) {
            limits.add(String.format(
                    Locale.ROOT,
                    "It has seen %s tokens. The paper's ELECTRA-Small saw at most %s.",
                    Amounts.count(facts.tokens()),
                    Amounts.count(TOKENS_OF_ELECTRA_SMALL)));
        }
        int positions = facts.config().model().maxPositions();
        OptionalLong length = facts.size(RunInputs.ROW_LENGTH);
        limits.add(String.format(
                Locale.ROOT,
                "It takes %d tokens at most%s.",
                positions,
                length.isPresent() && length.getAsLong() < positions
                        ? String.format(Locale.ROOT, "; this run had no more than %d in a row", length.getAsLong())
                        : ""));
        return limits;
    }

    private static String list(List<String> limits) {
        return limits.stream().map(limit -> "- " + limit).collect(Collectors.joining("\n"));
    }
}
