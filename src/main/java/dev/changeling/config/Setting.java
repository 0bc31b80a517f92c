package dev.changeling.config;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/**
 * One value as somebody wrote it.
 *
 * @param kind what YAML takes it for
 * @param text its letters
 * @param origin where it stands, for messages: {@code run.yaml:3:10} or {@code --set training.steps=100}
 * @param isOverride whether it was given in the call, not in a file
 */
public record Setting(JsonToken kind, String text, String origin, boolean isOverride) {

    /** Returns the refusal of this value: a mistake of the call, or of a file. */
    InputException refused(String reason) {
        String message = origin + ": " + reason;
        return isOverride ? new UsageException(message) : new InputException(message);
    }

    /** Returns the value in the type of its key, or throws with a message about what was expected. */
    Object as(RecordComponent key) throws WrongType {
        Class<?> type = key.getType();
        try {
            if (type == int.class && kind == JsonToken.VALUE_NUMBER_INT) {
                return Integer.valueOf(text);
            } else if (type == long.class && kind == JsonToken.VALUE_NUMBER_INT) {
                return Long.valueOf(text);
            } else if (type == double.class
                    && (kind == JsonToken.VALUE_NUMBER_INT || kind == JsonToken.VALUE_NUMBER_FLOAT)) {
                return finite(Double.parseDouble(text));
            } else if (type == boolean.class && (kind == JsonToken.VALUE_TRUE || kind == JsonToken.VALUE_FALSE)) {
                return kind == JsonToken.VALUE_TRUE;
            } else if (type.isEnum() && kind == JsonToken.VALUE_STRING) {
                for (Object constant : type.getEnumConstants()) {
                    if (ConfigText.scalar(constant).equals(text)) {
                        return constant;
                    }
                }
            }
        } catch (NumberFormatException e) {
            throw new WrongType(expected(type), e);
        }
        throw new WrongType(expected(type), null);
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new NumberFormatException("not finite");
        }
        return value;
    }

    private static String expected(Class<?> type) {
        if (type == int.class) {
            return "an integer up to " + Integer.MAX_VALUE;
        } else if (type == long.class) {
            return "an integer of 64 bits";
        } else if (type == double.class) {
            return "a number, such as 0.15 or 1e-6";
        } else if (type == boolean.class) {
            return "true or false";
        }
        return Arrays.stream(type.getEnumConstants()).map(ConfigText::scalar).collect(Collectors.joining(" or "));
    }

    /** The value is of another type; the message says what was expected. */
    static final class WrongType extends Exception {
        private static final long serialVersionUID = 1L;

        WrongType(String expected, @Nullable Throwable cause) {
            super(expected, cause);
        }
    }
}
