package dev.changeling.report;

import java.util.List;

/**
 * The same few held-out sequences after some step.
 *
 * @param step steps done
 */
record SampledStep(long step, List<SampledSequence> sequences) {
    SampledStep {
        sequences = List.copyOf(sequences);
    }

    /** Returns the tokens that were written at masked positions, by the generator or from token frequencies. */
    List<String> drawn() {
        return sequences.stream().flatMap(sequence -> sequence.drawn().stream()).toList();
    }
}
