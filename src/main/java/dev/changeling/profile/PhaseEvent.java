package dev.changeling.profile;

import dev.changeling.tensor.Engine;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What the Flight Recorder keeps of a {@link Phase}. */
@Name(PhaseEvent.NAME)
@Label("Phase")
@Category("Changeling")
@Description("A part of a training step")
@StackTrace(false)
final class PhaseEvent extends Event {
    static final String NAME = "changeling.Phase";

    @Label("Phase")
    @SuppressWarnings("unused") // the recorder reads it
    private final String phase;

    private PhaseEvent(String phase) {
        this.phase = phase;
    }

    static PhaseEvent begin(String phase) {
        PhaseEvent event = new PhaseEvent(phase);
        event.awaitDevice();
        event.begin();
        return event;
    }

    void finish() {
        awaitDevice();
        commit();
    }

    // Operations on the CPU end before their calls return. A GPU works on after them, and its time would go to whatever
    // asks for a number next; so a recording makes it wait between phases, which makes it a little slower.
    private void awaitDevice() {
        if (isEnabled()) {
            Engine.awaitDevice();
        }
    }
}
