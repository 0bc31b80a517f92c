package dev.changeling.corpus;

import tools.jackson.core.JacksonException;

/** What is wrong with JSON, in words for a person. */
public final class JsonFailure {
    private JsonFailure() {}

    /** Returns what the parser complains about, without what tells of its settings. */
    public static String reason(JacksonException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("");
        return message.replaceFirst(" \\(start marker at .*", "");
    }
}
