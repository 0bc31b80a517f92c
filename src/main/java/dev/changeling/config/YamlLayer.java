package dev.changeling.config;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The values of one YAML text under their dotted keys, each with its place. Only nested sections and scalars exist. */
final class YamlLayer {
    private static final YAMLMapper MAPPER = YAMLMapper.builder().build();

    private final String name;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> sections = new HashSet<>();
    private final Deque<String> path = new ArrayDeque<>();

    private YamlLayer(String name) {
        this.name = name;
    }

    /**
     * @param text YAML
     * @param name of the file, for messages
     * @throws InputException if it isn't YAML, or a key is written twice
     */
    static Map<String, Setting> parse(String text, String name) {
        YamlLayer layer = new YamlLayer(name);
        try (JsonParser parser = MAPPER.createParser(text)) {
            layer.read(parser);
        } catch (JacksonException e) {
            TokenStreamLocation location = e.getLocation();
            String place = location == null ? name : place(name, location);
            throw new InputException(
                    place + ": not YAML: " + e.getOriginalMessage().strip().replaceAll("\\s+", " "), e);
        }
        return layer.settings;
    }

    /** Returns what YAML takes one scalar for, for {@code --set}. */
    static Setting scalar(String text, String origin) {
        if (text.isEmpty()) {
            return new Setting(JsonToken.VALUE_NULL, text, origin, true);
        }
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonToken kind = parser.nextToken();
            if (kind != null && kind.isScalarValue()) {
                Setting setting = new Setting(kind, parser.getString(), origin, true);
                if (parser.nextToken() == null) {
                    return setting;
                }
            }
            throw new UsageException(origin + ": expected one value after '='");
        } catch (JacksonException e) {
            throw new UsageException(origin + ": not a YAML value");
        }
    }

    private void read(JsonParser parser) {
        JsonToken token = parser.nextToken();
        if (token == null) {
            return;
        }
        if (token != JsonToken.START_OBJECT) {
            throw new InputException(place(parser) + ": expected 'key: value' lines");
        }
        int depth = 0;
        while ((token = parser.nextToken()) != null) {
            if (depth < 0) {
                throw new InputException(place(parser) + ": a second YAML document, expected one");
            } else if (token == JsonToken.PROPERTY_NAME) {
                if (parser.currentName().indexOf('.') >= 0) {
                    throw new InputException(place(parser) + ": key " + parser.currentName()
                            + " has a dot, expected one indented section for each name");
                }
                path.addLast(parser.currentName());
            } else if (token == JsonToken.START_OBJECT) {
                refuseTwice(sections.add(key()), parser);
                depth++;
            } else if (token == JsonToken.END_OBJECT) {
                depth--;
                path.pollLast();
            } else if (token == JsonToken.START_ARRAY) {
                throw new InputException(place(parser) + ": " + key() + " is a list, expected a single value");
            } else {
                Setting setting = new Setting(token, parser.getString(), place(parser), false);
                refuseTwice(settings.put(key(), setting) == null, parser);
                path.removeLast();
            }
        }
    }

    private void refuseTwice(boolean isNew, JsonParser parser) {
        if (!isNew) {
            throw new InputException(place(parser) + ": " + key() + " is written twice");
        }
    }

    private String key() {
        return String.join(".", path);
    }

    private String place(JsonParser parser) {
        return place(name, parser.currentTokenLocation());
    }

    private static String place(String name, TokenStreamLocation location) {
        return name + ":" + location.getLineNr() + ":" + location.getColumnNr();
    }
}
