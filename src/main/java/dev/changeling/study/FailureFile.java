package dev.changeling.study;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code failure.json}: why a run, or a fine-tuning of one, has ended too early. With the same program and the same
 * numbers it would again, so that it isn't tried while the file is there.
 *
 * @param reason one line
 * @param inputs SHA-256 of what a fine-tuning was made from, by name; empty for a run, whose folder has them
 */
record FailureFile(String reason, Map<String, String> inputs) {
    private static final String NAME = "failure.json";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    FailureFile {
        inputs = Map.copyOf(inputs);
    }

    /**
     * Reads it.
     *
     * @return none if the folder has none
     * @throws InputException if it is no such file
     */
    static Optional<FailureFile> read(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), FailureFile.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(file + ": not why something failed: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes it into a folder, which must be there. */
    void write(Path folder) throws IOException {
        new Disk()
                .replace(folder.resolve(NAME), (JSON.writeValueAsString(this) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
