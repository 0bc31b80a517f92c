package dev.changeling.training;

import dev.changeling.evaluation.CorruptedSequence;
import dev.changeling.evaluation.PretrainingReport;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears what the loop does: the place where metrics, checkpoints and progress attach. Called on the loop's thread. */
public interface TrainingListener {

    /**
     * A step is done.
     *
     * @param step steps done so far
     * @param tokens real tokens seen so far
     * @param outcome of the step
     * @param scores of the step's predictions, at every {@code metrics.every} steps, else null
     */
    void stepped(long step, long tokens, StepOutcome outcome, @Nullable PretrainingReport scores) throws IOException;

    /**
     * Held-out text has been scored.
     *
     * @param step steps done so far
     */
    void evaluated(long step, PretrainingReport heldOut) throws IOException;

    /**
     * The same held-out rows as ever have been corrupted and judged, for a person to see: at step 0, in the first steps
     * and with every evaluation.
     *
     * @param step steps done so far
     */
    default void shown(long step, List<CorruptedSequence> sequences) throws IOException {}

    /**
     * A step met a number that is not finite, and training ends with an error.
     *
     * @param step steps done before it
     */
    default void diverged(long step) throws IOException {}

    /**
     * The state is due to be kept.
     *
     * @param state valid during this call
     * @param heldOutLoss the weighted sum of both losses on held-out text if it was scored at this step, else null
     */
    void checkpoint(TrainingState state, @Nullable Double heldOutLoss) throws IOException;
}
