package dev.changeling.evaluation;

import dev.changeling.objective.JointStep;
import dev.changeling.objective.Loss;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Totals;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * What both networks predicted in one pass, in host memory, so that it outlives the pass and can be counted elsewhere.
 * What was not asked for is empty.
 *
 * @param batch what they predicted of
 * @param losses of both networks
 * @param entropies_M of the generator's predictions, nats
 * @param guessedRight_M 1 where the original is the generator's likeliest token, else 0
 * @param parts_MK of several heads of the generator, the part that each has in what is drawn, K numbers a position
 * @param samples_M the token that was written
 * @param scores_T the discriminator's logits of "replaced"
 * @param labels_T 1 for a replaced token, else 0
 * @param onlyMasked whether the discriminator was asked at the masked positions only
 * @param correctedRight_N 1 where the original is the discriminator's likeliest token, else 0
 * @param states_NH the discriminator's states of the first N tokens, where they are looked at
 * @param width of the discriminator's states, H; 0 where they are not looked at
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between two threads, never compared
public record Predictions(
        MaskedBatch batch,
        List<LossSum> losses,
        float[] entropies_M,
        int[] guessedRight_M,
        float[] parts_MK,
        int[] samples_M,
        float[] scores_T,
        float[] labels_T,
        boolean onlyMasked,
        int[] correctedRight_N,
        float[] states_NH,
        int width) {

    /**
     * A loss of one pass.
     *
     * @param loss which
     * @param weight that it has in the joint loss
     * @param sum over what it is averaged over, nats
     * @param count of what it is averaged over
     */
    public record LossSum(Loss loss, double weight, double sum, long count) {}

    public Predictions {
        losses = List.copyOf(losses);
    }

    /**
     * Reads the predictions of a pass.
     *
     * @param batch what went through the networks
     * @param totals what the pass's losses were averaged over
     */
    public static Predictions of(JointStep step, MaskedBatch batch, Totals totals) {
        Totals own = Totals.of(List.of(batch));
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Optional<Predicted> predicted = Optional.ofNullable(step.predicted());
            Optional<Tensor> labels_T =
                    step.scores_T().map(scores -> step.replaced().labels_T());
            return new Predictions(
                    batch,
                    step.losses().terms().stream()
                            .map(term -> new LossSum(
                                    term.loss(),
                                    term.weight(),
                                    term.value().item_double() * totals.of(term.over()),
                                    own.of(term.over())))
                            .toList(),
                    floats(predicted.map(Predicted::entropy_M)),
                    ints(predicted.map(Predicted::right_M)),
                    floats(predicted.map(Predicted::parts_MK)),
                    HostCopy.toInts(step.samples_M()),
                    floats(step.scores_T()),
                    floats(labels_T),
                    step.losses().terms().stream()
                            .anyMatch(term -> term.loss() == Loss.RTD && term.over() == Totals.Over.MASKED),
                    ints(Optional.ofNullable(step.judged().corrected_N())),
                    new float[0],
                    0);
        }
    }

    /**
     * Returns the same and the discriminator's states, if it was asked.
     *
     * @param most how many tokens' states
     */
    Predictions withStates(JointStep step, long most) {
        Tensor hidden_TH = step.judged().hidden_TH();
        if (hidden_TH == null || most <= 0) {
            return this;
        }
        Tensor first_NH = hidden_TH.narrow(0, 0, Math.min(most, hidden_TH.size(0)));
        return with(losses, HostCopy.toFloats(first_NH), Math.toIntExact(hidden_TH.size(1)));
    }

    private Predictions with(List<LossSum> others, float[] otherStates, int otherWidth) {
        return new Predictions(
                batch,
                others,
                entropies_M,
                guessedRight_M,
                parts_MK,
                samples_M,
                scores_T,
                labels_T,
                onlyMasked,
                correctedRight_N,
                otherStates,
                otherWidth);
    }

    private static float[] floats(Optional<Tensor> tensor) {
        return tensor.map(HostCopy::toFloats).orElseGet(() -> new float[0]);
    }

    private static int[] ints(Optional<Tensor> tensor) {
        return tensor.map(HostCopy::toInts).orElseGet(() -> new int[0]);
    }

    /** Returns the same with the weights of the discriminator's losses multiplied. */
    public Predictions weighingDiscriminator(double factor) {
        List<LossSum> weighed = losses.stream()
                .map(loss -> loss.loss().isOfDiscriminator()
                        ? new LossSum(loss.loss(), factor * loss.weight(), loss.sum(), loss.count())
                        : loss)
                .toList();
        return with(weighed, states_NH, width);
    }

    /**
     * Returns what the generator said and what the discriminator said of the same batch, in a pass each.
     *
     * @param discriminator of a pass in which the generator was not asked
     */
    public Predictions and(Predictions discriminator) {
        List<LossSum> all = new ArrayList<>(losses);
        all.addAll(discriminator.losses);
        return new Predictions(
                batch,
                all,
                entropies_M,
                guessedRight_M,
                parts_MK,
                samples_M,
                discriminator.scores_T,
                discriminator.labels_T,
                discriminator.onlyMasked,
                discriminator.correctedRight_N,
                discriminator.states_NH,
                discriminator.width);
    }
}
