package dev.changeling.server;

import java.util.List;

/**
 * Something that the server does with texts. {@code POST path} with {@code {"texts": [...]}} answers {@code {"results":
 * [...]}}.
 *
 * @param path where it is asked for: {@code /detect}
 * @param summary what it does, in one sentence without a full stop
 * @param resultSchema the JSON Schema of one result, as JSON
 * @param function never called by two threads at once
 */
public record Service(String path, String summary, String resultSchema, TextFunction function) {
    /** What a model makes of some texts. */
    @FunctionalInterface
    public interface TextFunction {
        /**
         * Returns a result for each text, in their order. Texts of several requests come together; if the function
         * throws, each text is tried again by itself.
         *
         * @return what Jackson can write as JSON
         * @throws dev.changeling.error.InputException if a text can't be used; its message is the answer, with 422
         */
        List<?> apply(List<String> texts);
    }
}
