package dev.changeling.finetuning;

import dev.changeling.task.TextExample;
import java.util.LinkedHashMap;
import java.util.Map;

/** The beginning of what is written down of a text and of what was predicted of it. */
final class TextRows {
    private TextRows() {}

    static Map<String, Object> start(TextExample example) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("line", example.line());
        row.put("text", example.first());
        if (example.second() != null) {
            row.put("second", example.second());
        }
        return row;
    }
}
