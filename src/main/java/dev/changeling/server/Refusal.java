package dev.changeling.server;

import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/** A request that gets an error for an answer. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<HttpHeader, String> fields;

    Refusal(int status, String message) {
        this(status, message, Map.of());
    }

    /** @param fields of the answer's head */
    Refusal(int status, String message, Map<HttpHeader, String> fields) {
        // Refusals are ordinary answers: nobody reads their stack traces.
        super(message, null, false, false);
        this.status = status;
        this.fields = Map.copyOf(fields);
    }

    static Refusal badRequest(String message) {
        return new Refusal(HttpStatus.BAD_REQUEST_400, message);
    }

    static Refusal tooLarge(String message) {
        // What is left of the body is not worth reading.
        return new Refusal(HttpStatus.PAYLOAD_TOO_LARGE_413, message, Map.of(HttpHeader.CONNECTION, "close"));
    }

    /** @param seconds after which another try makes sense */
    static Refusal unavailable(String message, int seconds) {
        return new Refusal(
                HttpStatus.SERVICE_UNAVAILABLE_503, message, Map.of(HttpHeader.RETRY_AFTER, Integer.toString(seconds)));
    }

    int status() {
        return status;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    Map<HttpHeader, String> fields() {
        return fields;
    }
}
