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
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fine-tuning of a run on a task. Beside its folder, {@code NAME.json} says by which options it was made. One that
 * ended too early has a folder with nothing but a {@link FailureFile}.
 *
 * @param run whose discriminator is fine-tuned
 * @param folder of what comes out
 */
record TaskRun(StudyTask task, PlannedRun run, Path folder) {
    private static final String WEIGHTS = "model.safetensors";

    /** Returns whether it has ended, well or not. */
    boolean isOver() {
        return Files.isDirectory(folder);
    }

    /**
     * Adds what has come out to what there is of the run.
     *
     * @throws InputException if it is not there, or of other options, other examples or another network
     */
    RunScores addTo(RunScores run) {
        requireSame();
        return FailureFile.read(folder)
                .map(failure -> run.withTaskFailure(task.name(), failure.reason()))
                .orElseGet(() -> run.withTask(task.name(), TaskScore.read(folder)));
    }

    /** Writes down that it ended too early, in the place of what should have come out. */
    void writeFailure(String reason) {
        // No name of a task begins with a dot.
        Path partial = folder.resolveSibling("." + folder.getFileName() + ".failed");
        try {
            Files.createDirectories(partial);
            new FailureFile(reason, inputs()).write(partial);
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
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

    private void requireSame() {
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
        try {
            Optional<FailureFile> failure = FailureFile.read(folder);
            Map<String, String> before = failure.isPresent()
                    ? failure.get().inputs()
                    : ProvenanceFile.inputs(folder.resolve(ProvenanceFile.NAME));
            inputs().forEach((name, hash) -> {
                if (!before.getOrDefault(name, "").equals(hash)) {
                    throw other("from another " + name + " than " + inputFiles().get(name) + " is now");
                }
            });
        } catch (IOException e) {
            throw FileFailure.unreadable(folder, e);
        }
    }

    /** Returns the SHA-256 of what it is made from, by the names of the provenance. */
    private Map<String, String> inputs() throws IOException {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : inputFiles().entrySet()) {
            hashes.put(file.getKey(), Sha256.of(file.getValue()));
        }
        return hashes;
    }

    private Map<String, Path> inputFiles() {
        Map<String, Path> files = new LinkedHashMap<>();
        for (StudyTask.Option option : task.options()) {
            if (StudyTask.FILES.contains(option.name())) {
                files.put(option.name(), Path.of(option.text()));
            }
        }
        files.put(WEIGHTS, RunStanding.model(run.folder()).resolve(WEIGHTS));
        return files;
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
