package dev.changeling.finetuning;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.checkpoint.ProvenanceFile;
import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.hub.ModelCard;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskFolder.FineTuned;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.EngineReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a fine-tuning: {@code model} (a Hugging Face folder), {@code results.json}, {@code predictions.jsonl},
 * {@code confusion.tsv} and {@code provenance.json}. It is filled beside its place, under a name that begins with a
 * dot, and appears when all is there.
 */
final class FineTuningFolder implements AutoCloseable {
    /** The network's folder in it. */
    static final String MODEL = "model";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final Path target;
    private final Path partial;
    private final FolderLock lock;
    private final Disk disk = new Disk();

    private FineTuningFolder(Path target, Path partial, FolderLock lock) {
        this.target = target;
        this.partial = partial;
        this.lock = lock;
    }

    /**
     * Begins a folder.
     *
     * @throws InputException if something is in its place, somebody else is filling it, or it can't be made
     */
    static FineTuningFolder begin(Path folder) {
        if (Files.exists(folder)) {
            throw new InputException(folder + ": is there already; expected the name of a new folder");
        }
        Path target = folder.toAbsolutePath().normalize();
        Path partial = target.resolveSibling("." + target.getFileName() + ".partial");
        try {
            Files.createDirectories(partial);
            FolderLock lock = FolderLock.take(partial, "fine-tuning");
            FineTuningFolder begun = new FineTuningFolder(target, partial, lock);
            // What a process that was killed has left, and what one that is told to end would leave.
            begun.disk.emptyFolder(partial, file -> !file.endsWith(FolderLock.FILE));
            partial.toFile().deleteOnExit();
            partial.resolve(FolderLock.FILE).toFile().deleteOnExit();
            return begun;
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
    }

    /** Writes down where the numbers will come from: before the training, while the files are what was read. */
    Provenance writeProvenance(FineTuningPlan plan, Engine engine) {
        try {
            Provenance provenance = provenance(plan, engine);
            Path file = partial.resolve(ProvenanceFile.NAME);
            file.toFile().deleteOnExit();
            ProvenanceFile.add(file, provenance, disk);
            return provenance;
        } catch (IOException e) {
            throw FileFailure.unwritable(target, e);
        }
    }

    /** Writes everything else and puts the folder in its place. */
    <X, T, P> void write(
            FineTuningPlan plan,
            FineTuningReport report,
            FineTuned network,
            ModelCard card,
            Task<X, T, P> task,
            List<X> dev,
            List<P> predictions) {
        try {
            TaskFolder.write(partial.resolve(MODEL), network, plan.model(), card);
            writeJson("results.json", FineTuningResults.of(plan, report));
            writePredictions(task, dev, predictions);
            for (Map.Entry<String, String> table : task.tables(dev, predictions).entrySet()) {
                disk.write(partial.resolve(table.getKey()), table.getValue().getBytes(StandardCharsets.UTF_8));
            }
            lock.remove();
            disk.forceFolder(partial);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw FileFailure.unwritable(target, e);
        }
    }

    private static Provenance provenance(FineTuningPlan plan, Engine engine) throws IOException {
        Map<String, String> inputs = new TreeMap<>();
        inputs.put("train", Sha256.of(plan.data().train()));
        Path dev = plan.data().dev();
        if (dev != null) {
            inputs.put("dev", Sha256.of(dev));
        }
        for (String name : List.of("model.safetensors", "pytorch_model.bin", "config.json", "tokenizer.json")) {
            Path file = plan.model().resolve(name);
            if (Files.exists(file)) {
                inputs.put(name, Sha256.of(file));
            }
        }
        return Provenance.ofThisProcess(
                plan.commandLine(),
                plan.firstSeed(),
                engine.device(),
                engine.threads(),
                Map.of("libtorch", EngineReport.read().version()),
                inputs,
                Map.of());
    }

    private void writeJson(String name, Object content) throws IOException {
        disk.write(partial.resolve(name), (JSON.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private <X, P> void writePredictions(Task<X, ?, P> task, List<X> dev, List<P> predictions) throws IOException {
        try (BufferedWriter out =
                Files.newBufferedWriter(partial.resolve("predictions.jsonl"), StandardCharsets.UTF_8)) {
            for (int i = 0; i < dev.size(); i++) {
                out.write(JsonMapper.shared().writeValueAsString(task.row(dev.get(i), predictions.get(i))));
                out.write('\n');
            }
        }
    }

    /** Drops what isn't finished. */
    @Override
    public void close() throws IOException {
        if (Files.exists(partial)) {
            lock.remove();
            disk.deleteFolder(partial);
        }
    }
}
