package dev.changeling.server;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** What a server counts, in the text format of Prometheus. */
final class ServerMetrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final String PATH = "path";
    /** In seconds. */
    private static final double[] LATENCIES = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30};

    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("changeling_requests_total")
            .help("Requests that were answered, by path and status.")
            .labelNames(PATH, "status")
            .register(registry);
    private final Gauge inFlight = Gauge.builder()
            .name("changeling_requests_in_flight")
            .help("Requests that are being answered.")
            .register(registry);
    private final Histogram latency = Histogram.builder()
            .name("changeling_request_duration_seconds")
            .unit(Unit.SECONDS)
            .help("From the end of a request's head to the end of its answer.")
            .labelNames(PATH)
            .classicOnly()
            .classicUpperBounds(LATENCIES)
            .register(registry);
    private final Counter texts = Counter.builder()
            .name("changeling_texts_total")
            .help("Texts that were taken.")
            .labelNames(PATH)
            .register(registry);
    private final Counter characters = Counter.builder()
            .name("changeling_characters_total")
            .help("Characters of the texts that were taken, in UTF-16 units.")
            .labelNames(PATH)
            .register(registry);
    private final Histogram batchTexts = Histogram.builder()
            .name("changeling_batch_texts")
            .help("Texts that the model was given at once.")
            .labelNames(PATH)
            .classicOnly()
            .classicUpperBounds(BATCH_SIZES)
            .register(registry);
    private final Histogram batchDuration = Histogram.builder()
            .name("changeling_batch_duration_seconds")
            .unit(Unit.SECONDS)
            .help("What the model took for a batch.")
            .labelNames(PATH)
            .classicOnly()
            .classicUpperBounds(LATENCIES)
            .register(registry);
    private final Map<String, IntSupplier> queues = new ConcurrentHashMap<>();

    ServerMetrics() {
        GaugeWithCallback.builder()
                .name("changeling_queued_texts")
                .help("Texts that are waiting for the model.")
                .labelNames(PATH)
                .callback(gauge -> queues.forEach((path, depth) -> gauge.call(depth.getAsInt(), path)))
                .register(registry);
    }

    /** @param path of the service whose texts wait there */
    void watchQueue(String path, IntSupplier depth) {
        queues.put(path, depth);
    }

    void requestBegins() {
        inFlight.inc();
    }

    /** @param path a route's; what strangers ask for would make a line each */
    void requestEnds(String path, int status, Duration duration) {
        inFlight.dec();
        requests.labelValues(path, Integer.toString(status)).inc();
        latency.labelValues(path).observe(seconds(duration));
    }

    void taken(String path, List<TextInput> taken) {
        texts.labelValues(path).inc(taken.size());
        characters
                .labelValues(path)
                .inc(taken.stream().mapToLong(TextInput::length).sum());
    }

    void batch(String path, int size, Duration duration) {
        batchTexts.labelValues(path).observe(size);
        batchDuration.labelValues(path).observe(seconds(duration));
    }

    byte[] exposition() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return text.toByteArray();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
