package dev.changeling.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.json.JsonMapper;

/** Writes answers. */
final class Answer {
    private static final HttpField NO_SNIFFING = new HttpField("X-Content-Type-Options", "nosniff");

    private Answer() {}

    /** @param content what Jackson can write as JSON */
    static void json(int status, Object content, Response response, Callback callback) {
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        write(status, "application/json", JsonMapper.shared().writeValueAsBytes(content), response, callback);
    }

    static void refusal(Refusal refusal, Response response, Callback callback) {
        HttpFields.Mutable fields = response.getHeaders();
        refusal.fields().forEach(fields::put);
        // What is left of a body must not be taken for the next request.
        if (!response.getRequest().consumeAvailable()) {
            fields.put(HttpHeader.CONNECTION, "close");
        }
        json(refusal.status(), Map.of("error", refusal.message()), response, callback);
    }

    static void text(String type, String content, Response response, Callback callback) {
        write(200, type, content.getBytes(StandardCharsets.UTF_8), response, callback);
    }

    static void write(int status, String type, byte[] content, Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.getHeaders().put(NO_SNIFFING);
        response.write(true, ByteBuffer.wrap(content), callback);
    }
}
