package dev.changeling.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that the server does with texts. {@code POST path} with {@code {"texts": [...]}} answers {@code {"results":
 * [...]}}.
 *
 * @param path where it is asked for: {@code /detect}
 * @param summary what it does, in one sentence without a full stop
 * @param companion what may come with a text; null for nothing
 * @param resultSchema the JSON Schema of one result, as JSON
 * @param function never called by two threads at once
 */
public record Service(
        String path, String summary, @Nullable Companion companion, String resultSchema, InputFunction function) {

    /**
     * What may come with a text, under a key of its own: {@code {"text": "...", "question": "..."}}.
     *
     * @param name the key
     * @param description what it is, for the OpenAPI description
     * @param isRequired whether no text may come without
     */
    public record Companion(String name, String description, boolean isRequired) {}

    /** What a model makes of some inputs. */
    @FunctionalInterface
    public interface InputFunction {
        /**
         * Returns a result for each input, in their order. Inputs of several requests come together; if the function
         * throws, each is tried again by itself.
         *
         * @return what Jackson can write as JSON
         * @throws dev.changeling.error.InputException if a text can't be used; its message is the answer, with 422
         */
        List<?> apply(List<TextInput> inputs);
    }

    /** What a model makes of some texts alone, see {@link InputFunction}. */
    @FunctionalInterface
    public interface TextFunction {
        List<?> apply(List<String> texts);
    }

    /** Returns a service for texts that come alone. */
    public static Service ofTexts(String path, String summary, String resultSchema, TextFunction function) {
        return new Service(path, summary, null, resultSchema, inputs -> function.apply(TextInput.texts(inputs)));
    }
}
