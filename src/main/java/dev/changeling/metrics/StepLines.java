package dev.changeling.metrics;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file with one JSON object a line, {@code step} first, that a run goes on with when it is resumed. Each line is
 * handed to the operating system at once, so that it survives the process.
 */
final class StepLines implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final OutputStream stream;

    private StepLines(Path file) {
        this.file = file;
        try {
            this.stream = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    /**
     * Opens a file to append to. What a killed run wrote after its last checkpoint is cut off, and a torn last line
     * too.
     *
     * @param lastStep lines of later steps are removed
     * @throws InputException if the file can't be written, or a whole line isn't one of ours
     */
    static StepLines open(Path file, long lastStep) {
        try {
            if (Files.exists(file)) {
                truncate(file, lengthUntil(file, lastStep));
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
        return new StepLines(file);
    }

    /** Returns an object to fill and {@link #write}. */
    static ObjectNode object(long step) {
        return JSON.createObjectNode().put("step", step);
    }

    /** Appends a line. */
    void write(ObjectNode object) {
        try {
            stream.write((JSON.writeValueAsString(object) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw FileFailure.unwritable(file, e);
        }
    }

    /** Returns the length of the file up to the first line of a later step, or to a torn last line. */
    private static long lengthUntil(Path file, long lastStep) throws IOException {
        long length = 0;
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 1;
            for (int next = input.read(); next >= 0; next = input.read()) {
                line.write(next);
                if (next == '\n') {
                    if (stepOf(line.toString(StandardCharsets.UTF_8), file, number++) > lastStep) {
                        return length;
                    }
                    length += line.size();
                    line.reset();
                }
            }
        }
        return length;
    }

    /**
     * Returns the step of a line.
     *
     * @param number of the line, from 1
     * @throws InputException if it isn't one of ours
     */
    static long stepOf(String line, Path file, int number) {
        try {
            JsonNode step = JSON.readTree(line).path("step");
            if (step.isIntegralNumber()) {
                return step.longValue();
            }
        } catch (JacksonException e) {
            throw new InputException(file + ":" + number + ": not JSON, expected an object with a step", e);
        }
        throw new InputException(file + ":" + number + ": has no step, expected an object with one");
    }

    private static void truncate(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }
}
