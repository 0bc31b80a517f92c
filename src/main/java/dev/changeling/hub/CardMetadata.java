package dev.changeling.hub;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the Hugging Face Hub reads of a model card, under its names (hub-docs, modelcard.md).
 *
 * @param library that opens the folder, or empty if none of the Hub's does
 * @param pipeline the Hub's task that the network does, or empty if it has none for it
 * @param tags to be found by
 */
public record CardMetadata(Optional<String> library, Optional<String> pipeline, List<String> tags) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    /**
     * Checks that every word can stand in YAML as it is.
     *
     * @throws IllegalArgumentException if one can't
     */
    public CardMetadata {
        tags = List.copyOf(tags);
        library.ifPresent(CardMetadata::requireName);
        pipeline.ifPresent(CardMetadata::requireName);
        tags.forEach(CardMetadata::requireName);
    }

    private static void requireName(String word) {
        if (!NAME.matcher(word).matches()) {
            throw new IllegalArgumentException("not a name of the Hub: " + word);
        }
    }

    /** Returns the lines between the two {@code ---}, those that only a person can fill in as comments. */
    String yaml() {
        StringBuilder yaml =
                new StringBuilder("# license:    (to fill in: not known)\n# language:   (to fill in: not known)\n");
        library.ifPresent(name -> yaml.append("library_name: ").append(name).append('\n'));
        pipeline.ifPresent(name -> yaml.append("pipeline_tag: ").append(name).append('\n'));
        yaml.append("tags:\n");
        tags.forEach(tag -> yaml.append("- ").append(tag).append('\n'));
        return yaml.toString();
    }
}
