package dev.changeling.cli;

import dev.changeling.hub.TaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a task. */
final class TaskConverter implements ITypeConverter<TaskKind> {
    /** The names, for {@code --help}. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Names() {
            super(names());
        }
    }

    private static List<String> names() {
        return Arrays.stream(TaskKind.values()).map(TaskKind::title).toList();
    }

    @Override
    public TaskKind convert(String value) {
        return Arrays.stream(TaskKind.values())
                .filter(kind -> kind.title().equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "found '" + value + "', expected one of " + String.join(", ", names())));
    }
}
