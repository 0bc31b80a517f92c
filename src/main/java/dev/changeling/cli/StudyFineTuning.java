package dev.changeling.cli;

import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.study.StudyTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JsonToken;

/** Fine-tuning as a task of a study asks for it: its keys are the options of {@code finetune}. */
final class StudyFineTuning {
    private static final Set<String> GIVEN_BY_THE_STUDY = Set.of("model", "out", "json");

    private final StudyTask task;

    StudyFineTuning(StudyTask task) {
        this.task = task;
    }

    /**
     * Refuses a task that {@code finetune} could not be asked for.
     *
     * @throws InputException naming the place in the study file
     */
    void requireValid() {
        Path nowhere = Path.of("model");
        FineTuneCommand command = command(nowhere, nowhere);
        for (StudyTask.Option option : task.options()) {
            if (StudyTask.FILES.contains(option.name()) && !Files.isRegularFile(Path.of(option.text()))) {
                throw refused(option.place(), option.name() + ": " + option.text() + ": no such file");
            }
        }
        try {
            command.requireValid();
        } catch (ParameterException | UsageException e) {
            throw refused(task.place(), String.valueOf(e.getMessage()));
        }
    }

    /** Returns {@code finetune} with the task's options. */
    FineTuneCommand command(Path model, Path out) {
        FineTuneCommand command = new FineTuneCommand();
        CommandLine parser = Changeling.parserOf(command);
        List<String> arguments = new ArrayList<>();
        for (StudyTask.Option option : task.options()) {
            OptionSpec known = parser.getCommandSpec().findOption("--" + option.name());
            if (known == null || GIVEN_BY_THE_STUDY.contains(option.name())) {
                throw refused(option.place(), "unknown key " + option.name() + ", expected one of " + names(parser));
            }
            if (!known.typeInfo().isBoolean()) {
                arguments.add("--" + option.name() + "=" + option.text());
            } else if (isOn(option)) {
                arguments.add("--" + option.name());
            }
        }
        arguments.add("--model=" + model);
        arguments.add("--out=" + out);
        try {
            parser.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw refused(place(e), String.valueOf(e.getMessage()));
        }
        return command;
    }

    private boolean isOn(StudyTask.Option option) {
        Setting value = option.values().get(0);
        if (option.values().size() > 1
                || (value.kind() != JsonToken.VALUE_TRUE && value.kind() != JsonToken.VALUE_FALSE)) {
            throw refused(option.place(), option.name() + " is '" + option.text() + "', expected true or false");
        }
        return value.kind() == JsonToken.VALUE_TRUE;
    }

    private String place(ParameterException e) {
        return task.options().stream()
                .filter(option -> e.getArgSpec() instanceof OptionSpec wrong
                        && wrong.longestName().equals("--" + option.name()))
                .map(StudyTask.Option::place)
                .findFirst()
                .orElse(task.place());
    }

    private static String names(CommandLine parser) {
        return parser.getCommandSpec().options().stream()
                .map(option -> option.longestName().substring(2))
                .filter(name -> !GIVEN_BY_THE_STUDY.contains(name))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private InputException refused(String place, String reason) {
        return new InputException(place + ": tasks." + task.name() + ": " + reason.replaceAll("\\R", " "));
    }
}
