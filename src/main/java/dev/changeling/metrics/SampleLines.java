package dev.changeling.metrics;

import dev.changeling.error.InputException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code samples.jsonl}: corruptions through time with the discriminator's verdicts, one JSON object a step. */
public final class SampleLines implements AutoCloseable {
    private final StepLines lines;

    private SampleLines(StepLines lines) {
        this.lines = lines;
    }

    /**
     * Opens a file to append to. What a killed run wrote after its last checkpoint is cut off, and a torn last line
     * too.
     *
     * @param lastStep lines of later steps are removed; −1 for all
     * @throws InputException if the file can't be written, or a whole line isn't one of ours
     */
    public static SampleLines open(Path file, long lastStep) {
        return new SampleLines(StepLines.open(file, lastStep));
    }

    /** Appends the sequences of a step. Probabilities have four digits after the point. */
    public void write(long step, List<SampledSequence> sequences) {
        ObjectNode object = StepLines.object(step);
        ArrayNode array = object.putArray("sequences");
        sequences.forEach(sequence -> add(array.addObject(), sequence));
        lines.write(object);
    }

    private static void add(ObjectNode object, SampledSequence sequence) {
        ArrayNode tokens = object.putArray("tokens");
        sequence.tokens().forEach(tokens::add);
        ArrayNode originals = object.putArray("originals");
        sequence.originals().forEach(original -> original.ifPresentOrElse(originals::add, originals::addNull));
        ArrayNode probabilities = object.putArray("probabilities");
        for (float probability : sequence.probabilities()) {
            if (Float.isFinite(probability)) {
                probabilities.add(Math.round(probability * 1e4) / 1e4);
            } else {
                probabilities.addNull();
            }
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}
