package dev.changeling.evaluation;

import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Scores that others computed: the files that {@code bench/reference/metrics.py} made. */
final class ReferenceScores {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReferenceScores() {}

    static Stream<JsonNode> cases(String name) throws Exception {
        try (InputStream file =
                Objects.requireNonNull(ReferenceScores.class.getResourceAsStream("/metrics/" + name), name)) {
            return elements(JSON.readTree(file)).toList().stream();
        }
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    static int[] ints(JsonNode array) {
        return elements(array).mapToInt(JsonNode::intValue).toArray();
    }

    static double[] doubles(JsonNode array) {
        return elements(array).mapToDouble(JsonNode::doubleValue).toArray();
    }

    static boolean[] flags(JsonNode array) {
        boolean[] flags = new boolean[array.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = array.get(i).intValue() == 1;
        }
        return flags;
    }

    static List<String> strings(JsonNode array) {
        return elements(array).map(JsonNode::stringValue).toList();
    }
}
