package dev.changeling.report;

import dev.changeling.error.InputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A held-out sequence of T tokens as the generator of some step corrupted it, with the discriminator's verdicts.
 *
 * @param tokens T, as the discriminator reads them
 * @param originals T; where the position was masked, the token that stood there, else null
 * @param probabilities T, P(replaced); NaN where it was not finite
 */
record SampledSequence(List<String> tokens, List<@Nullable String> originals, List<Double> probabilities) {
    SampledSequence {
        tokens = List.copyOf(tokens);
        originals = Collections.unmodifiableList(new ArrayList<>(originals));
        probabilities = List.copyOf(probabilities);
    }

    /**
     * Reads the {@code sequences} of a line of {@code samples.jsonl}.
     *
     * @throws InputException if they are not what belongs there
     */
    static List<SampledSequence> read(JsonNode line, String place) {
        List<SampledSequence> sequences = new ArrayList<>();
        JsonNode all = line.path("sequences");
        if (!all.isArray()) {
            throw new InputException(place + ": has no sequences, expected a list of them");
        }
        for (JsonNode sequence : all) {
            JsonNode tokens = sequence.path("tokens");
            JsonNode originals = sequence.path("originals");
            JsonNode probabilities = sequence.path("probabilities");
            if (!tokens.isArray() || originals.size() != tokens.size() || probabilities.size() != tokens.size()) {
                throw new InputException(place + ": found " + tokens.size() + " tokens, " + originals.size()
                        + " originals and " + probabilities.size() + " probabilities; expected as many of each");
            }
            sequences.add(new SampledSequence(
                    tokens.valueStream().map(JsonNode::asString).toList(),
                    originals
                            .valueStream()
                            .map(original -> original.isNull() ? null : original.asString())
                            .collect(ArrayList::new, ArrayList::add, ArrayList::addAll),
                    probabilities
                            .valueStream()
                            .map(probability -> probability.isNumber() ? probability.doubleValue() : Double.NaN)
                            .toList()));
        }
        return sequences;
    }

    /** Returns the tokens that stand at masked positions. */
    List<String> drawn() {
        List<String> drawn = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (originals.get(i) != null) {
                drawn.add(tokens.get(i));
            }
        }
        return drawn;
    }
}
