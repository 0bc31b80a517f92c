package dev.changeling.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether the generator has collapsed: it is sure of few tokens, and wrong. One that learns by maximum likelihood is as
 * unsure as it is wrong, its entropy near its loss; one that learns to fool (arXiv 2003.10555) need not be.
 */
final class CollapsedGenerator {
    /** A generator that is right half of the time has no call to be surer than this, in nats. */
    private static final double ENTROPY = 0.5;

    /** Of its loss. */
    private static final double ENTROPY_RATIO = 0.25;

    private static final double ACCURACY = 0.5;

    /** Of what it writes, how many may be one token. In English text, the most frequent word is about one in twenty. */
    private static final double SAME = 0.5;

    /** Fewer samples say nothing. */
    private static final int SAMPLES = 20;

    private final RunHistory run;
    private final Windows windows;

    CollapsedGenerator(RunHistory run, Windows windows) {
        this.run = run;
        this.windows = windows;
    }

    /** Returns what was found, if there is a generator and anything was measured of it. */
    Optional<Check> check() {
        if (!run.game().generates()) {
            return Optional.empty();
        }
        double entropy = windows.recent("generator_entropy");
        double accuracy = windows.recent("mlm_accuracy");
        double loss = windows.recent("mlm_loss");
        boolean isWrong = accuracy < ACCURACY;
        boolean isSure = entropy < ENTROPY || entropy < ENTROPY_RATIO * loss;
        List<String> numbers = new ArrayList<>();
        if (!Double.isNaN(entropy)) {
            numbers.add("entropy " + Amount.of(entropy) + " nats beside a loss of " + Amount.of(loss));
        }
        if (!Double.isNaN(accuracy)) {
            numbers.add("accuracy " + Amount.percent(accuracy));
        }
        List<String> drawn = drawn();
        boolean isSame = false;
        if (drawn.size() >= SAMPLES) {
            Map<String, Long> counts =
                    drawn.stream().collect(Collectors.groupingBy(token -> token, Collectors.counting()));
            long most = Collections.max(counts.values());
            // The replacements that come from token frequencies stand among them.
            isSame = most >= SAME * run.game().generatorShare() * drawn.size();
            numbers.add(
                    most == drawn.size()
                            ? "all " + most + " samples are one token"
                            : counts.size() + " different tokens among " + drawn.size() + " samples, the most frequent "
                                    + most + " times");
        }
        return numbers.isEmpty()
                ? Optional.empty()
                : Optional.of(new Check(
                        Condition.GENERATOR_COLLAPSED, isWrong && (isSure || isSame), String.join(", ", numbers)));
    }

    /** Returns the newest samples, if they are of after the warm-up. */
    private List<String> drawn() {
        List<SampledStep> samples = run.samples();
        if (samples.isEmpty() || !run.game().generatorWrites()) {
            return List.of();
        }
        SampledStep newest = samples.get(samples.size() - 1);
        return newest.step() > run.warmupSteps() ? newest.drawn() : List.of();
    }
}
