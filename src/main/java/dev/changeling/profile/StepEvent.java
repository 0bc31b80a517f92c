package dev.changeling.profile;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A training step, as the JDK's Flight Recorder keeps it. Costs nothing while none records. */
@Name(StepEvent.NAME)
@Label("Training Step")
@Category("Changeling")
@Description("An optimizer step with all of its device batches")
@StackTrace(false)
public final class StepEvent extends Event {
    static final String NAME = "changeling.Step";

    @Label("Step")
    @Description("From 0")
    @SuppressWarnings("unused") // the recorder reads it
    private final long step;

    @Label("Tokens")
    @Description("Padding not counted")
    @SuppressWarnings("unused") // the recorder reads it
    private long tokens;

    private StepEvent(long step) {
        this.step = step;
    }

    /**
     * Begins a step.
     *
     * @param step from 0
     */
    public static StepEvent begin(long step) {
        StepEvent event = new StepEvent(step);
        event.begin();
        return event;
    }

    /**
     * Ends the step. One that is never ended leaves no event.
     *
     * @param tokens real tokens that it saw
     */
    public void finish(long tokens) {
        this.tokens = tokens;
        commit();
    }
}
