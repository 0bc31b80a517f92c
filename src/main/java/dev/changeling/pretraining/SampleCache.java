package dev.changeling.pretraining;

import dev.changeling.config.ConfigDifference;
import dev.changeling.config.ConfigLoader;
import dev.changeling.config.ModelConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.disk.Disk;
import dev.changeling.disk.FolderLock;
import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import dev.changeling.shard.Dataset;
import dev.changeling.tensor.HostCopy;
import dev.changeling.training.SampleStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * The samples of a generator that never learns, in a folder: the first run with it fills the folder, others read there
 * and leave the generator alone (after Fast-ELECTRA, Dong et al., arXiv 2310.07347, which keeps its generator's
 * output).
 *
 * <p>The folder holds {@code config.yaml}, the settings of the run that filled it, {@code origin.txt}, the SHA-256 of
 * its data and of the generator's weights, and {@link SampleFile}s of some steps each, which appear whole. Runs agree
 * in samples if they agree in those two hashes and in whatever makes rows, masks and draws; else the folder is refused.
 *
 * <p>Not safe for use by several threads. One run at a time fills a folder; once it is full, any number may read.
 */
final class SampleCache implements SampleStore, AutoCloseable {
    private static final String CONFIG = "config.yaml";
    private static final String ORIGIN = "origin.txt";

    /** What decides about samples beside data and weights: keys, and sections that end in a point. */
    private static final List<String> DECIDING = List.of(
            "objective.masking.",
            "objective.sampling.",
            "training.steps",
            "training.seed",
            "training.batch_size",
            "model.layer_norm_epsilon",
            "model.generator_heads",
            "model.generator.");

    private final Path folder;
    private final TreeMap<Long, SampleFile> files = new TreeMap<>();
    private final SampleFile.Pending pending = new SampleFile.Pending();
    private @Nullable SampleFile open;
    private @Nullable FolderLock lock;

    private SampleCache(Path folder) {
        this.folder = folder;
    }

    /**
     * Refuses a run whose generator changes.
     *
     * @throws UsageException naming the setting that is in the way
     */
    static void check(RunConfig config) {
        if (config.objective().stages().generatorFrozenFrom() > 0) {
            throw new UsageException("--sample-cache: objective.stages.generator_frozen_from is "
                    + config.objective().stages().generatorFrozenFrom()
                    + ", expected 0: a generator that never learns");
        }
        ModelConfig.Sharing sharing = config.model().sharing();
        if (sharing == ModelConfig.Sharing.EMBEDDINGS || sharing == ModelConfig.Sharing.ALL) {
            throw new UsageException("--sample-cache: model.sharing lets the discriminator change the generator,"
                    + " expected none or disentangled");
        }
    }

    /**
     * Opens a folder of samples, or begins one.
     *
     * @param parameters of both networks, with the weights that the generator keeps
     * @throws InputException if the samples there are those of other data, another generator or other settings
     */
    static SampleCache open(Path folder, RunConfig config, Dataset dataset, ParameterStore parameters) {
        String origin = "dataset " + dataset.sha256() + "\ngenerator " + fingerprint(parameters) + "\n";
        SampleCache cache = new SampleCache(folder);
        try {
            if (Files.isRegularFile(folder.resolve(ORIGIN))) {
                cache.requireSame(config, origin);
                cache.find();
            } else {
                cache.begin(config, origin);
            }
            if (cache.kept() < config.training().steps()) {
                cache.lock = FolderLock.take(folder, "drawing samples");
            }
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
        return cache;
    }

    /** Returns for how many steps from the first on there are samples. */
    private long kept() {
        long step = 0;
        Map.Entry<Long, SampleFile> file = files.floorEntry(step);
        while (file != null && file.getValue().covers(step)) {
            step = file.getValue().end();
            file = files.floorEntry(step);
        }
        return step;
    }

    private void begin(RunConfig config, String origin) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> entries = Files.list(folder)) {
            if (entries.anyMatch(entry -> !entry.endsWith(CONFIG) && !entry.endsWith(FolderLock.FILE))) {
                throw new InputException(folder + ": has no " + ORIGIN + "; expected samples of an earlier run, or an"
                        + " empty folder");
            }
        }
        Disk disk = new Disk();
        disk.replace(folder.resolve(CONFIG), config.toYaml().getBytes(StandardCharsets.UTF_8));
        disk.replace(folder.resolve(ORIGIN), origin.getBytes(StandardCharsets.UTF_8));
    }

    private void requireSame(RunConfig config, String origin) throws IOException {
        for (ConfigDifference difference :
                ConfigLoader.load(folder.resolve(CONFIG)).differencesFrom(config)) {
            if (DECIDING.stream()
                    .anyMatch(key -> key.endsWith(".")
                            ? difference.key().startsWith(key)
                            : difference.key().equals(key))) {
                throw new InputException(folder + ": the samples were drawn with " + difference.key() + " "
                        + difference.left() + ", expected " + difference.right() + ", or another folder");
            }
        }
        List<String> there = Files.readAllLines(folder.resolve(ORIGIN), StandardCharsets.UTF_8);
        List<String> here = origin.lines().toList();
        if (!there.equals(here)) {
            boolean sameData = !there.isEmpty() && there.get(0).equals(here.get(0));
            throw new InputException(folder + ": the samples are those of "
                    + (sameData ? "another generator" : "other data") + "; expected this run's, or another folder");
        }
    }

    private void find() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            entries.flatMap(entry -> SampleFile.named(entry).stream())
                    .forEach(file ->
                            files.merge(file.first(), file, (left, right) -> left.end() > right.end() ? left : right));
        }
    }

    /** Returns the SHA-256 of the generator's tensors and their names. */
    private static String fingerprint(ParameterStore parameters) {
        StringBuilder hashes = new StringBuilder();
        try (PointerScope scope = new PointerScope()) {
            for (Map.Entry<String, Parameter.Part> part : new TreeMap<>(parameters.parts()).entrySet()) {
                if (part.getKey().startsWith("generator")) {
                    ByteBuffer bytes = HostCopy.bytesOf(part.getValue().tensor());
                    byte[] copy = new byte[bytes.remaining()];
                    bytes.get(copy);
                    hashes.append(part.getKey())
                            .append(' ')
                            .append(Sha256.of(copy))
                            .append('\n');
                }
            }
        }
        return Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int @Nullable [] read(long step) {
        SampleFile file = open;
        if (file == null || !file.covers(step)) {
            Map.Entry<Long, SampleFile> before = files.floorEntry(step);
            if (before == null || !before.getValue().covers(step)) {
                return null;
            }
            file = before.getValue().load();
            open = file;
        }
        return file.samples(step);
    }

    @Override
    public void write(long step, int[] samples) {
        if (!pending.continues(step) || pending.isFull()) {
            flush();
        }
        pending.add(step, samples);
    }

    private void flush() {
        if (!pending.isEmpty()) {
            SampleFile file = pending.write(folder);
            files.put(file.first(), file);
        }
    }

    /** Writes what is not yet written. */
    @Override
    public void close() {
        try {
            flush();
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }
}
