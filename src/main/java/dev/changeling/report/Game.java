package dev.changeling.report;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which networks a run has and what they do for one another, by its configuration: what is not there can't be judged.
 * An older version may have written the configuration; what it does not tell is as in ELECTRA.
 *
 * @param generatorLearns whether the generator has a loss
 * @param learnsByLikelihood whether the MLM loss is one of them; of an adversary alone it is measured only
 * @param generatorWrites whether the discriminator reads anything that the generator wrote
 * @param replaces whether the discriminator reads a text with replacements in it
 * @param detects whether the discriminator learns to tell replaced tokens
 * @param asksMaskedOnly whether it is asked at the masked positions only
 * @param drawsEvenly whether any replacement is drawn evenly from the vocabulary
 * @param generatorShare the part of the replacements that the generator writes
 */
record Game(
        boolean generatorLearns,
        boolean learnsByLikelihood,
        boolean generatorWrites,
        boolean replaces,
        boolean detects,
        boolean asksMaskedOnly,
        boolean drawsEvenly,
        double generatorShare) {
    private static final String OBJECTIVE = "objective.";
    private static final Pattern OF_SAMPLES = Pattern.compile("(heldout_)?sampled_accuracy(\\..+)?");
    private static final Pattern OF_GENERATOR = Pattern.compile("(grad_norm|update_ratio)\\.generator(\\..+)?");

    /** @param settings by dotted key */
    static Game of(Map<String, String> settings) {
        boolean corrects = number(settings, "correction_weight", 0) > 0;
        boolean replaces = !(corrects && text(settings, "correction").equals("bert"));
        double uniform = number(settings, "sampling.uniform_fraction", 0);
        double drawn = uniform + number(settings, "sampling.unigram_fraction", 0);
        boolean learnsByLikelihood = number(settings, "mlm_weight", 1) > 0;
        return new Game(
                learnsByLikelihood || number(settings, "adversarial_weight", 0) > 0,
                learnsByLikelihood,
                replaces && drawn < 1,
                replaces,
                number(settings, "rtd_weight", 1) > 0 || number(settings, "rtd_balance", 0) > 0,
                text(settings, "rtd_positions").equals("masked"),
                replaces && uniform > 0,
                replaces ? Math.max(0, 1 - drawn) : 0);
    }

    private static String text(Map<String, String> settings, String key) {
        return settings.getOrDefault(OBJECTIVE + key, "");
    }

    private static double number(Map<String, String> settings, String key, double otherwise) {
        try {
            return Double.parseDouble(settings.getOrDefault(OBJECTIVE + key, Double.toString(otherwise)));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** Returns whether there is a generator: one that learns, or whose samples are read. */
    boolean generates() {
        return generatorLearns || generatorWrites;
    }

    /** Returns the names of the networks that there are. */
    List<String> networks() {
        return generates() ? List.of("generator", "discriminator") : List.of("discriminator");
    }

    /** Returns whether any of the networks plays against another, or against replacements. */
    boolean isPlayed() {
        return generates() || detects;
    }

    /** Returns whether a number is one of a network that is there; older runs have others too. */
    boolean has(String number) {
        return (generatorWrites || !OF_SAMPLES.matcher(number).matches())
                && (generates() || !OF_GENERATOR.matcher(number).matches());
    }
}
