package dev.changeling.cli;

import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** The option by which a benchmark is told to write JSON. */
final class JsonArgument {
    @Option(names = "--json", description = "Write one JSON object in place of text.")
    private boolean json;

    boolean isGiven() {
        return json;
    }

    /** Writes names and values as one object, in the map's order. */
    static void write(Map<String, ?> byName, PrintWriter out) {
        out.println(JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(byName));
    }
}
