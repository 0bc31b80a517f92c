package dev.changeling.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether training has diverged. The losses that are watched are the generator's, which no success of the other network
 * makes rise, and the sum: that of the discriminator alone rises as the generator gets better.
 */
final class Divergence {
    private static final List<String> LOSSES = List.of("loss", "mlm_loss");
    private static final List<String> PARTS = List.of("mlm_loss", "rtd_loss", "correction_loss");
    private static final List<String> FINITE = List.of("loss", "mlm_loss", "rtd_loss", "correction_loss", "grad_norm");

    private static final List<String> OF_GENERATOR = List.of("mlm_loss", "adversarial_loss");
    private static final List<String> OF_DISCRIMINATOR = List.of("rtd_loss", "correction_loss", "contrast_loss");

    /** Of the way from the first loss down to the least, how much may be lost again. */
    private static final double LOST_SHARE = 0.25;

    /** Over the least loss: below, it is noise, above all of a run that has won little yet. */
    private static final double LOST_RATIO = 1.1;

    /** Over the first loss. */
    private static final double OVER_START = 1.05;

    private final RunHistory run;
    private final Windows windows;

    Divergence(RunHistory run, Windows windows) {
        this.run = run;
        this.windows = windows;
    }

    Check check() {
        List<String> numbers = new ArrayList<>();
        for (String name : FINITE) {
            Optional<Series> series = run.series(name).filter(known -> known.notFinite() > 0);
            if (series.isPresent()) {
                return found(words(name) + " is not finite from step "
                        + Amount.steps(series.get().firstNotFinite()) + " on, "
                        + Amount.steps(series.get().notFinite())
                        + " times");
            }
        }
        for (String name : LOSSES) {
            if (name.equals("loss") ? !isOfOnePiece() : !run.game().learnsByLikelihood()) {
                continue;
            }
            Optional<Integer> least = windows.least(name);
            double recent = least.isPresent() ? windows.recent(name) : Double.NaN;
            if (least.isEmpty() || Double.isNaN(recent)) {
                continue;
            }
            double best = windows.mean(name, least.get());
            double start = run.series(name).orElseThrow().first().orElse(Double.NaN);
            String sentence = words(name) + " is " + Amount.of(recent) + " (at its lowest " + Amount.of(best)
                    + ", at the start " + Amount.of(start) + ")";
            boolean isLost = recent - best > LOST_SHARE * (start - best) && recent > LOST_RATIO * best;
            if (isLost || recent > OVER_START * start) {
                return found(sentence);
            }
            numbers.add(sentence);
        }
        return new Check(
                Condition.DIVERGED, false, numbers.isEmpty() ? "every loss is finite" : String.join(", ", numbers));
    }

    /**
     * Where a loss comes in later, or its weight changes, their sum goes up with all being well; and that of an
     * adversary, its advantage times a surprisal, is no measure of anything.
     */
    private boolean isOfOnePiece() {
        if (run.series("adversarial_loss").isPresent()) {
            return false;
        }
        long start = run.series("loss").map(Series::firstStep).orElse(0L);
        boolean later =
                PARTS.stream().flatMap(name -> run.series(name).stream()).anyMatch(part -> part.firstStep() > start);
        boolean changing = run.series("rtd_weight")
                .map(weight -> !weight.first().equals(weight.last()))
                .orElse(false);
        return !later && !changing;
    }

    private boolean has(List<String> losses) {
        return losses.stream().anyMatch(name -> run.series(name).isPresent());
    }

    private static Check found(String numbers) {
        return new Check(Condition.DIVERGED, true, numbers);
    }

    private String words(String name) {
        return switch (name) {
            case "loss" -> has(OF_GENERATOR) && has(OF_DISCRIMINATOR) ? "the loss of both" : "the loss";
            case "mlm_loss" -> "the MLM loss";
            case "rtd_loss" -> "the RTD loss";
            case "correction_loss" -> "the correction loss";
            default -> "the gradient's norm";
        };
    }
}
