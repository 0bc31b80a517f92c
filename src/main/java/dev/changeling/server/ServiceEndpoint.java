package dev.changeling.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code POST} requests with what a service makes of their texts. Holds no thread while it waits. */
final class ServiceEndpoint implements Route.Action {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceEndpoint.class);

    private final Service service;
    private final String model;
    private final Limits limits;
    private final ServerMetrics metrics;
    private final Batcher batcher;
    private final TextRequest bodies;
    private final Deadlines deadlines;
    private final Executor executor;

    /**
     * @param model its name, in each answer
     * @param executor of what takes time: reading and writing JSON
     */
    ServiceEndpoint(
            Service service,
            String model,
            Limits limits,
            ServerMetrics metrics,
            Batcher batcher,
            Deadlines deadlines,
            Executor executor) {
        this.service = service;
        this.model = model;
        this.limits = limits;
        this.metrics = metrics;
        this.batcher = batcher;
        this.bodies = new TextRequest(limits, service.companion());
        this.deadlines = deadlines;
        this.executor = executor;
    }

    @Override
    public void run(Request request, Response response, Callback callback) {
        checkHead(request);
        // The model may take longer than a connection may be silent.
        request.addIdleTimeoutListener(timeout -> false);
        // Its end is the callback's: nobody waits for the future.
        CompletableFuture<?> unused = body(request)
                .thenComposeAsync(this::results, executor)
                .whenCompleteAsync(
                        (results, failure) -> write(results, failure, request, response, callback), executor);
    }

    private void checkHead(Request request) {
        String type = String.valueOf(request.getHeaders().get(HttpHeader.CONTENT_TYPE));
        // Jackson reads JSON in Unicode's encodings, as RFC 8259 has them.
        if (!type.strip().matches("(?i)application/json\\s*(;\\s*charset=\"?utf-?8\"?)?")) {
            throw new Refusal(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    "found Content-Type: " + (type.equals("null") ? "none" : type) + "; expected application/json");
        }
        if (request.getHeaders().contains(HttpHeader.CONTENT_ENCODING)) {
            throw new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE_415, "a body with a Content-Encoding is not taken");
        }
        if (request.getLength() > limits.bodyBytes()) {
            throw tooLarge();
        }
    }

    private CompletableFuture<byte[]> body(Request request) {
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, limits.bodyBytes(), Promise.Invocable.toPromise(body));
        return body.orTimeout(limits.reading().toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(failure -> {
                    throw bodyRefusal(failure);
                });
    }

    private Refusal bodyRefusal(Throwable thrown) {
        Throwable failure = cause(thrown);
        if (failure instanceof TimeoutException) {
            return new Refusal(
                    HttpStatus.REQUEST_TIMEOUT_408, "the body took too long", Map.of(HttpHeader.CONNECTION, "close"));
        }
        if (failure instanceof IllegalStateException) {
            return tooLarge();
        }
        String message = failure instanceof HttpException known ? known.getReason() : null;
        return new Refusal(
                HttpStatus.BAD_REQUEST_400,
                "the body can't be read" + (message == null ? "" : ": " + message),
                Map.of(HttpHeader.CONNECTION, "close"));
    }

    private CompletableFuture<List<Object>> results(byte[] body) {
        List<TextInput> inputs = bodies.read(body);
        CompletableFuture<List<Object>> results = batcher.submit(inputs);
        metrics.taken(service.path(), inputs);
        return results;
    }

    private void write(
            @Nullable List<Object> results,
            @Nullable Throwable failure,
            Request request,
            Response response,
            Callback callback) {
        // A client that does not read its answer must not hold the connection.
        deadlines.start(request.getConnectionMetaData().getConnection());
        try {
            if (failure == null) {
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("model", model);
                answer.put("results", results);
                Answer.json(HttpStatus.OK_200, answer, response, callback);
            } else if (cause(failure) instanceof Refusal refusal) {
                Answer.refusal(refusal, response, callback);
            } else {
                LOG.error("{} failed", service.path(), failure);
                callback.failed(failure);
            }
        } catch (RuntimeException e) {
            // Nobody waits for this future: without an answer the client would wait for ever.
            LOG.error("{} failed on writing its answer", service.path(), e);
            callback.failed(e);
        }
    }

    private Refusal tooLarge() {
        return Refusal.tooLarge("the body is larger than " + limits.bodyBytes() + " bytes");
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }
}
