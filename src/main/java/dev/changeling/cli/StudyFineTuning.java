package dev.changeling.cli;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.Setting;
import dev.changeling.error.InputException;
import dev.changeling.finetuning.FineTuning;
import dev.changeling.finetuning.FineTuningPlan;
import dev.changeling.study.StudyTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JsonToken;

/** Fine-tuning as a task of a study asks for it: its keys are the options of {@code finetune}. */
final class StudyFineTuning {
    private static final Set<String> GIVEN_BY_THE_STUDY = Set.of("model", "out", "json");

    private static final Path NOWHERE = Path.of("model");
    private static final Pattern OPTION = Pattern.compile("--([a-z-]+)");

    private final StudyTask task;

    StudyFineTuning(StudyTask task) {
        this.task = task;
    }

    /**
     * Reads the task's examples, and refuses a task that {@code finetune} could not do with them.
     *
     * @param networks that are to be fine-tuned, as far as they are known before they are trained
     * @throws InputException naming the place in the study file
     */
    void requireValid(Collection<ModelConfig> networks) {
        FineTuneCommand command = command(NOWHERE, NOWHERE);
        for (StudyTask.Option option : task.options()) {
            if (StudyTask.FILES.contains(option.name()) && !Files.isRegularFile(Path.of(option.text()))) {
                throw refused(option.place(), option.name() + ": " + option.text() + ": no such file");
            }
        }
        try {
            // Mostly one plan for all: its examples are read once, and not kept.
            Set<FineTuningPlan> plans = new LinkedHashSet<>();
            for (ModelConfig network : networks) {
                plans.add(command.plan(
                        network.discriminator(), network.dropout(), network.attentionDropout(), List.of()));
            }
            plans.forEach(FineTuning::requireUsable);
        } catch (ParameterException | InputException e) {
            String reason = String.valueOf(e.getMessage());
            throw refused(place(reason), reason);
        }
    }

    /** Returns the place of the option or the file that a message is about, or else that of the task. */
    private String place(String reason) {
        Matcher named = OPTION.matcher(reason);
        String name = named.find() ? named.group(1) : "";
        return task.options().stream()
                .filter(option -> option.name().equals(name)
                        || (StudyTask.FILES.contains(option.name())
                                && reason.matches(Pattern.quote(option.text()) + "[:,].*")))
                .map(StudyTask.Option::place)
                .findFirst()
                .orElse(task.place());
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
