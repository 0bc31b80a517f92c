package dev.changeling.bench;

import dev.changeling.evaluation.Spread;
import dev.changeling.profile.TimedStep;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link StepBench} measured.
 *
 * @param setting what ran, and where
 * @param times where the time went
 * @param work what was computed, a step each
 * @param multiplyRates the machine's
 * @param use what the process used
 */
public record StepReport(Setting setting, StepTimes times, List<Work> work, MultiplyRates multiplyRates, Use use) {

    /**
     * What ran, and where.
     *
     * @param device {@code cpu} or {@code cuda}
     * @param threads CPU threads of the engine
     * @param replicas how many device batches went through the networks at once
     * @param parameters of both networks
     * @param vocabulary V
     * @param warmup steps before those that count
     */
    public record Setting(String device, int threads, int replicas, long parameters, int vocabulary, int warmup) {}

    /**
     * What a step computed.
     *
     * @param batches what its batches held
     * @param flops what its forward pass can't do without
     */
    public record Work(BatchWork batches, UsefulFlops flops) {}

    /**
     * What the process used.
     *
     * @param cpuMillisAStep processor time of all threads, the mean of the steps
     * @param heapBytesAStep what Java's heap was asked for, the mean of the steps
     * @param peakResidentBytes the largest resident set, or null if the system doesn't tell
     */
    public record Use(
            double cpuMillisAStep,
            double heapBytesAStep,
            @Nullable Long peakResidentBytes) {}

    /**
     * The rate of multiplications on as many threads at once as the step has, in 10⁹ floating-point operations a
     * second.
     *
     * @param before the steps
     * @param after them
     */
    public record MultiplyRates(double before, double after) {
        /** Returns the higher one: what disturbs a measurement makes it lower. */
        public double higher() {
            return Math.max(before, after);
        }
    }

    public StepReport {
        work = List.copyOf(work);
    }

    /** Returns the 10⁹ useful floating-point operations that a step did a second, forward and backward. */
    public Spread usefulGigaflops() {
        return Spread.of(IntStream.range(0, work.size())
                .mapToDouble(
                        i -> work.get(i).flops().step() / seconds(times.steps().get(i)) / 1e9));
    }

    /** Returns what part of the machine's rate the median step's useful operations are, from 0. */
    public double utilisation() {
        return usefulGigaflops().median() / multiplyRates.higher();
    }

    /** Returns what part of its threads' time the process had a processor for: little on a busy machine. */
    public double cpuShare() {
        return use.cpuMillisAStep() / (times.stepMillis() * setting.threads());
    }

    /** Returns the mean of what the steps did. */
    public UsefulFlops meanFlops() {
        return new UsefulFlops(
                mean(UsefulFlops::generatorTrunk),
                mean(UsefulFlops::generatorHead),
                mean(UsefulFlops::discriminatorTrunk),
                mean(UsefulFlops::discriminatorHead));
    }

    /** Returns the mean number of real tokens in a step. */
    public double tokensAStep() {
        return work.stream()
                .mapToLong(step -> step.batches().tokens())
                .average()
                .orElse(0);
    }

    /** Returns the mean number of masked positions in a step. */
    public double maskedAStep() {
        return work.stream()
                .mapToLong(step -> step.batches().masked())
                .average()
                .orElse(0);
    }

    private double mean(java.util.function.ToDoubleFunction<UsefulFlops> flops) {
        return work.stream().map(Work::flops).mapToDouble(flops).average().orElse(0);
    }

    private static double seconds(TimedStep step) {
        return step.nanos() / 1e9;
    }
}
