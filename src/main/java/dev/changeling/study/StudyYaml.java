package dev.changeling.study;

import dev.changeling.config.Setting;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a study file as YAML, with the place of everything. */
final class StudyYaml {
    private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

    private final Path file;

    private StudyYaml(Path file) {
        this.file = file;
    }

    /** @throws InputException if it can't be read, isn't YAML, or a key is written twice */
    static StudyNode.Section read(Path file) {
        try (JsonParser parser = MAPPER.createParser(text(file))) {
            return new StudyYaml(file).document(parser);
        } catch (JacksonException e) {
            throw new InputException(
                    place(file, e.getLocation()) + ": not YAML: "
                            + e.getOriginalMessage().strip().replaceAll("\\s+", " "),
                    e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected a study, a YAML file", e);
        } catch (MalformedInputException e) {
            throw new InputException(file + ": not UTF-8, expected a YAML file", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private StudyNode.Section document(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_OBJECT) {
            throw new InputException(
                    (token == null ? file.toString() : place(parser)) + ": expected 'key: value' lines of a study");
        }
        StudyNode.Section section = section(parser);
        if (parser.nextToken() != null) {
            throw new InputException(place(parser) + ": a second YAML document, expected one");
        }
        return section;
    }

    private StudyNode node(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> section(parser);
            case START_ARRAY -> items(parser);
            default ->
                new StudyNode.Value(new Setting(parser.currentToken(), parser.getString(), place(parser), false));
        };
    }

    private StudyNode.Section section(JsonParser parser) {
        String begin = place(parser);
        List<StudyNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            String place = place(parser);
            if (!keys.add(key)) {
                throw new InputException(place + ": " + key + " is written twice");
            }
            parser.nextToken();
            entries.add(new StudyNode.Entry(key, node(parser), place));
        }
        return new StudyNode.Section(entries, begin);
    }

    private StudyNode.Items items(JsonParser parser) {
        String begin = place(parser);
        List<StudyNode> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(parser));
        }
        return new StudyNode.Items(items, begin);
    }

    private String place(JsonParser parser) {
        return place(file, parser.currentTokenLocation());
    }

    private static String place(Path file, @Nullable TokenStreamLocation location) {
        return location == null ? file.toString() : file + ":" + location.getLineNr() + ":" + location.getColumnNr();
    }
}
