package dev.changeling.metrics;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file, one scalar for each number of a step.
 *
 * <p>An event file is a sequence of TFRecords (length, masked CRC32C of the length, payload, masked CRC32C of the
 * payload), each with an {@code Event} message (tensorflow/core/util/event.proto); the first names the version. Every
 * start writes a file of its own, whose name sorts behind the earlier ones. Its second event is a session start, upon
 * which TensorBoard drops what a killed run wrote for later steps.
 */
public final class TensorBoardWriter implements MetricsSink {
    private static final int EVENT_WALL_TIME = 1;
    private static final int EVENT_STEP = 2;
    private static final int EVENT_FILE_VERSION = 3;
    private static final int EVENT_SUMMARY = 5;
    private static final int EVENT_SESSION_LOG = 7;
    private static final int SESSION_LOG_STATUS = 1;
    private static final int STATUS_START = 1;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;

    private final Path file;
    private final Clock clock;
    private final OutputStream stream;

    private TensorBoardWriter(Path folder, Clock clock) {
        Instant now = clock.instant();
        this.clock = clock;
        this.file = folder.resolve(String.format(
                Locale.ROOT, "events.out.tfevents.%010d.%09d.changeling", now.getEpochSecond(), now.getNano()));
        try {
            Files.createDirectories(folder);
            this.stream = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    /**
     * Starts a new event file.
     *
     * @param folder made if absent
     * @param lastStep the step that the run goes on from; 0 for a fresh start
     * @throws InputException if the file can't be written
     */
    public static TensorBoardWriter open(Path folder, long lastStep) {
        return open(folder, lastStep, Clock.systemUTC());
    }

    static TensorBoardWriter open(Path folder, long lastStep, Clock clock) {
        TensorBoardWriter writer = new TensorBoardWriter(folder, clock);
        writer.record(writer.event().text(EVENT_FILE_VERSION, "brain.Event:2"));
        writer.record(writer.event()
                .integer(EVENT_STEP, lastStep + 1)
                .message(EVENT_SESSION_LOG, new ProtoWriter().integer(SESSION_LOG_STATUS, STATUS_START)));
        return writer;
    }

    @Override
    public void write(Metrics metrics) {
        ProtoWriter summary = new ProtoWriter();
        metrics.values()
                .forEach((name, number) -> summary.message(
                        SUMMARY_VALUE,
                        new ProtoWriter().text(VALUE_TAG, name).float32(VALUE_SIMPLE, number.floatValue())));
        record(event().integer(EVENT_STEP, metrics.step()).message(EVENT_SUMMARY, summary));
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    private ProtoWriter event() {
        return new ProtoWriter().float64(EVENT_WALL_TIME, clock.millis() / 1000.0);
    }

    private void record(ProtoWriter event) {
        byte[] payload = event.toBytes();
        ByteBuffer record = ByteBuffer.allocate(payload.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(payload.length);
        record.putInt(maskedChecksum(record.array(), 8));
        record.put(payload).putInt(maskedChecksum(payload, payload.length));
        try {
            stream.write(record.array());
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    /** Rotated and shifted, as TFRecord has it, lest the checksum of data that holds checksums be weak. */
    private static int maskedChecksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
    }
}
