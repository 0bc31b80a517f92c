package dev.changeling.study;

import dev.changeling.config.Setting;
import dev.changeling.evaluation.Spread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What there is of a study, as {@code results.json} has it. */
public final class StudyResults {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private StudyResults() {}

    /** Returns one JSON object, with a line break behind it. */
    public static String json(StudyScores scores) {
        StudyFile study = scores.plan().study();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("study", name(study));
        names.put("complete", scores.isComplete());
        names.put("config", study.config());
        names.put("settings", texts(study.settings()));
        names.put("dataset", scores.dataset());
        names.put(
                "seeds",
                study.seeds().stream().map(seed -> Long.valueOf(seed.text())).toList());
        names.put("tasks", study.tasks().stream().map(StudyResults::task).toList());
        names.put("arms", study.arms().stream().map(arm -> arm(scores, arm)).toList());
        names.put("failures", scores.failures());
        return JSON.writeValueAsString(names) + "\n";
    }

    /** Returns the name of a study: that of its file. */
    static String name(StudyFile study) {
        return String.valueOf(study.file().getFileName()).replaceAll("\\.ya?ml$", "");
    }

    private static Map<String, String> texts(Map<String, Setting> settings) {
        Map<String, String> texts = new LinkedHashMap<>();
        settings.forEach((key, setting) -> texts.put(key, setting.text()));
        return texts;
    }

    private static Map<String, Object> task(StudyTask task) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("name", task.name());
        task.options().forEach(option -> names.put(option.name().replace('-', '_'), option.text()));
        return names;
    }

    private static Map<String, Object> arm(StudyScores scores, StudyArm arm) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("name", arm.name());
        names.put("variants", arm.variants());
        names.put("settings", texts(arm.settings()));
        Map<String, Spread> spreads = scores.spreads(arm);
        names.put("scores", spreads);
        List<StudyScores.Entry> entries = scores.entriesOf(arm);
        names.put("runs", entries.stream().map(StudyResults::run).toList());
        return names;
    }

    private static Map<String, Object> run(StudyScores.Entry entry) {
        RunScores scores = entry.scores();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("seed", entry.run().seed());
        names.put("finished", scores.standing().finished());
        names.put("step", scores.standing().step());
        names.put("steps", entry.run().steps());
        names.put("tokens", scores.standing().tokens());
        names.put("useful_flops", scores.flops());
        names.put("seconds", scores.standing().seconds());
        names.put("held_out", scores.heldOut());
        names.put("tasks", scores.tasks());
        if (!scores.taskFailures().isEmpty()) {
            names.put("task_failures", scores.taskFailures());
        }
        if (scores.isFailed()) {
            names.put("failure", scores.failure());
        }
        return names;
    }
}
