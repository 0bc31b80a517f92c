package dev.changeling.study;

import dev.changeling.checkpoint.ProvenanceFile;
import dev.changeling.disk.Disk;
import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.pretraining.RunStanding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fine-tuning of a run on a task. Beside its folder, {@code NAME.json} says by which options it was made.
 *
 * @param run whose discriminator is fine-tuned
 * @param folder of what comes out
 */
record TaskRun(StudyTask task, PlannedRun run, Path folder) {

    boolean isFinished() {
        return Files.isDirectory(folder);
    }

    /** Writes down by which options it is made, before it is made. */
    void writeOptions() {
        try {
            Files.createDirectories(options().resolveSibling(""));
            byte[] content = JsonMapper.shared()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(optionTexts())
                    .getBytes(StandardCharsets.UTF_8);
            new Disk().replace(options(), content);
        } catch (IOException e) {
            throw FileFailure.unwritable(options(), e);
        }
    }

    /**
     * Refuses results of other options, of other examples or of another network.
     *
     * @throws InputException naming what differs
     */
    void requireSame() {
        Map<String, String> now = optionTexts();
        Map<String, String> before = optionsBefore();
        TreeSet<String> names = new TreeSet<>(now.keySet());
        names.addAll(before.keySet());
        for (String name : names) {
            String was = before.getOrDefault(name, "absent");
            String is = now.getOrDefault(name, "absent");
            if (!was.equals(is)) {
                throw other("with other options: " + name + " is " + is + ", was " + was);
            }
        }
        requireSameInputs();
    }

    private void requireSameInputs() {
        Path file = folder.resolve(ProvenanceFile.NAME);
        try {
            Map<String, String> inputs = ProvenanceFile.inputs(file);
            for (StudyTask.Option option : task.options()) {
                if (StudyTask.FILES.contains(option.name())) {
                    requireSame(inputs, option.name(), Path.of(option.text()));
                }
            }
            requireSame(
                    inputs, "model.safetensors", RunStanding.model(run.folder()).resolve("model.safetensors"));
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private void requireSame(Map<String, String> inputs, String name, Path file) throws IOException {
        if (!inputs.getOrDefault(name, "").equals(Sha256.of(file))) {
            throw other("from another " + name + " than " + file + " is now");
        }
    }

    private InputException other(String how) {
        return new InputException(folder + ": was made " + how
                + "; expected the same, another out for a new study, or the folder gone to make it again");
    }

    private Path options() {
        return folder.resolveSibling(folder.getFileName() + ".json");
    }

    /** Files go by their content: their paths depend on where the program runs. */
    private Map<String, String> optionTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (StudyTask.Option option : task.options()) {
            if (!StudyTask.FILES.contains(option.name())) {
                texts.put(option.name(), option.text());
            }
        }
        return texts;
    }

    private Map<String, String> optionsBefore() {
        try {
            return JsonMapper.shared()
                    .readValue(Files.readAllBytes(options()), new TypeReference<Map<String, String>>() {});
        } catch (IOException e) {
            throw FileFailure.unreadable(options(), e);
        } catch (JacksonException e) {
            throw new InputException(options() + ": not the options of a task: " + e.getOriginalMessage(), e);
        }
    }
}
