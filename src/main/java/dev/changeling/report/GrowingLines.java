package dev.changeling.report;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of one JSON object a line that another process may be writing: each call reads what came since the one before.
 * A last line without its end is left for the next call.
 */
final class GrowingLines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private long position;
    private int line;

    /** @param file that need not exist yet */
    GrowingLines(Path file) {
        this.file = file;
    }

    /** Takes the lines. */
    interface Reader {
        /**
         * @param place file and line, for messages
         * @throws InputException if the object is not what belongs there
         */
        void take(long step, JsonNode object, String place);
    }

    /** Returns whether the file is shorter than what was read of it: its run has gone back. */
    boolean wasCut() {
        try {
            return (Files.exists(file) ? Files.size(file) : 0) < position;
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    /**
     * Reads the whole lines that are new.
     *
     * @return whether there were any
     * @throws InputException if the file can't be read, or a line is not an object with a step
     */
    boolean readTo(Reader reader) {
        if (Files.notExists(file)) {
            return false;
        }
        int before = line;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(position);
            InputStream input = Channels.newInputStream(channel);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int length = input.read(buffer); length >= 0; length = input.read(buffer)) {
                int start = 0;
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == '\n') {
                        text.write(buffer, start, i + 1 - start);
                        start = i + 1;
                        take(text.toString(StandardCharsets.UTF_8), reader);
                        position += text.size();
                        text.reset();
                    }
                }
                text.write(buffer, start, length - start);
            }
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
        return line > before;
    }

    private void take(String text, Reader reader) {
        line++;
        String place = file + ":" + line;
        JsonNode object;
        try {
            object = JSON.readTree(text);
        } catch (JacksonException e) {
            throw new InputException(place + ": not JSON, expected an object with a step", e);
        }
        JsonNode step = object.path("step");
        if (!step.isIntegralNumber()) {
            throw new InputException(place + ": has no step, expected an object with one");
        }
        reader.take(step.longValue(), object, place);
    }
}
