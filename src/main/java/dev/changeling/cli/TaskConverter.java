package dev.changeling.cli;

import dev.changeling.hub.TaskKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

    /** Returns how a task is called. */
    static String name(TaskKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> names() {
        return Arrays.stream(TaskKind.values()).map(TaskConverter::name).toList();
    }

    @Override
    public TaskKind convert(String value) {
        return Arrays.stream(TaskKind.values())
                .filter(kind -> name(kind).equals(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "found '" + value + "', expected one of " + String.join(", ", names())));
    }
}
