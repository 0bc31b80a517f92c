package dev.changeling.tokenizer;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object in a file. */
final class JsonFile {
    private JsonFile() {}

    /**
     * Reads a JSON object.
     *
     * @param what what the file should be, for messages
     * @throws InputException if the file is missing or anything else than a JSON object
     */
    static JsonNode read(Path file, String what) throws IOException {
        JsonNode json;
        try {
            json = JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new InputException(String.format(Locale.ROOT, "%s: no such file; expected %s", file, what), e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InputException(
                    String.format(
                            Locale.ROOT,
                            "%s: line %d: not JSON: %s; expected %s",
                            file,
                            line,
                            firstLine(e.getOriginalMessage()),
                            what),
                    e);
        }
        if (!json.isObject()) {
            throw new InputException(String.format(Locale.ROOT, "%s: not a JSON object; expected %s", file, what));
        }
        return json;
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("");
    }
}
