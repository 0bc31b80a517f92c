package dev.changeling.safetensors;

import dev.changeling.error.InputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a safetensors header says, checked: every array has a known type, a shape that fits its bytes, and bytes of its
 * own, and together they cover the data without a gap.
 *
 * @param entries by name, in the order of their bytes
 * @param metadata free text by name
 */
record SafetensorsHeader(Map<String, Entry> entries, Map<String, String> metadata) {
    private static final Set<String> FIELDS = Set.of("dtype", "shape", "data_offsets");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Where one array is.
     *
     * @param type of the numbers
     * @param shape outermost dimension first
     * @param begin first byte, counted from the end of the header
     * @param end behind the last byte
     */
    record Entry(NamedArray.Type type, List<Long> shape, long begin, long end) {}

    /**
     * @param json the header, with the spaces that pad it
     * @param dataSize bytes behind the header
     * @param file for messages
     * @throws InputException if the header breaks the format
     */
    static SafetensorsHeader parse(byte[] json, long dataSize, Path file) {
        JsonNode root = tree(json, file);
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Map.Entry<String, Entry>> entries = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : root.properties()) {
            if (property.getKey().equals(SafetensorsFile.METADATA)) {
                readMetadata(property.getValue(), metadata, file);
            } else {
                String place = file + ": tensor " + property.getKey();
                entries.add(Map.entry(property.getKey(), entry(property.getValue(), place)));
            }
        }
        entries.sort(Comparator.comparing(
                Map.Entry::getValue, Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)));
        Map<String, Entry> ordered = new LinkedHashMap<>();
        long covered = 0;
        for (Map.Entry<String, Entry> named : entries) {
            Entry entry = named.getValue();
            String place = file + ": tensor " + named.getKey();
            if (entry.begin() != covered) {
                throw new InputException(place + ": begins at byte " + entry.begin() + ", expected " + covered
                        + ", where the tensor before it ends");
            }
            if (entry.end() > dataSize) {
                throw new InputException(place + ": ends at byte " + entry.end() + ", but the file has " + dataSize
                        + "; is it truncated?");
            }
            covered = entry.end();
            ordered.put(named.getKey(), entry);
        }
        if (covered != dataSize) {
            throw new InputException(file + ": has " + dataSize + " bytes of data, but its tensors take " + covered);
        }
        return new SafetensorsHeader(Collections.unmodifiableMap(ordered), Collections.unmodifiableMap(metadata));
    }

    private static JsonNode tree(byte[] json, Path file) {
        if (json[0] != '{') {
            throw new InputException(file + ": header doesn't begin with '{', expected a safetensors file");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            return JSON.readTree(text);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": header is not UTF-8", e);
        } catch (JacksonException e) {
            throw new InputException(
                    file + ": header is not valid JSON: "
                            + e.getOriginalMessage().replaceAll("\\s+", " "),
                    e);
        }
    }

    private static void readMetadata(JsonNode node, Map<String, String> metadata, Path file) {
        if (!node.isObject()) {
            throw new InputException(file + ": __metadata__ is not an object");
        }
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (!property.getValue().isString()) {
                throw new InputException(file + ": __metadata__." + property.getKey() + " is not a string");
            }
            metadata.put(property.getKey(), property.getValue().stringValue());
        }
    }

    private static Entry entry(JsonNode node, String place) {
        if (!node.isObject() || !Set.copyOf(node.propertyNames()).equals(FIELDS)) {
            throw new InputException(place + ": expected dtype, shape and data_offsets");
        }
        NamedArray.Type type = type(node.get("dtype"), place);
        List<Long> shape = integers(node.get("shape"), place + ": shape");
        List<Long> offsets = integers(node.get("data_offsets"), place + ": data_offsets");
        if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
            throw new InputException(place + ": data_offsets are " + offsets + ", expected begin and end");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        long expected;
        try {
            expected = type.bytes(shape);
        } catch (ArithmeticException e) {
            throw new InputException(place + ": shape " + shape + " is too large", e);
        }
        if (end - begin != expected) {
            throw new InputException(place + ": has " + (end - begin) + " bytes, but " + type + " of shape " + shape
                    + " takes " + expected);
        }
        return new Entry(type, shape, begin, end);
    }

    private static NamedArray.Type type(JsonNode node, String place) {
        if (node.isString()) {
            for (NamedArray.Type type : NamedArray.Type.values()) {
                if (type.name().equals(node.stringValue())) {
                    return type;
                }
            }
        }
        throw new InputException(
                place + ": dtype is " + node + ", expected one of " + List.of(NamedArray.Type.values()));
    }

    private static List<Long> integers(JsonNode node, String place) {
        List<Long> integers = new ArrayList<>();
        if (!node.isArray()) {
            throw new InputException(place + " is not a list of integers");
        }
        for (JsonNode element : node) {
            if (!element.isIntegralNumber() || !element.canConvertToLong() || element.longValue() < 0) {
                throw new InputException(place + " holds " + element + ", expected integers of at least 0");
            }
            integers.add(element.longValue());
        }
        return integers;
    }
}
