package dev.changeling.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that a service is asked about.
 *
 * @param text as it was given
 * @param companion what came with it, if the service takes that: the second text of a pair, or a question
 */
public record TextInput(String text, @Nullable String companion) {
    /** Returns a text alone. */
    public static TextInput of(String text) {
        return new TextInput(text, null);
    }

    /** Returns the texts alone. */
    static List<String> texts(List<TextInput> inputs) {
        return inputs.stream().map(TextInput::text).toList();
    }

    /** In UTF-16 units, of all that was given. */
    int length() {
        return text.length() + (companion == null ? 0 : companion.length());
    }
}
