package dev.changeling.report;

import dev.changeling.checkpoint.Provenance;
import dev.changeling.checkpoint.RunFolder;
import dev.changeling.config.ConfigLoader;
import dev.changeling.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run's folder tells of its past: the numbers by name, samples of its corruption, where it comes from. The run
 * may still be going on, and an older version may have made it: no number is sure to be there.
 */
public final class RunHistory {
    /** Before the name of every held-out score. */
    static final String HELD_OUT = "heldout_";

    private static final int MOST_SAMPLED_STEPS = 80;

    private final Path folder;
    private final Map<String, String> settings;
    private final Game game;
    private final Map<String, Series> series = new LinkedHashMap<>();
    private final List<SampledStep> samples = new ArrayList<>();
    private GrowingLines metricsFile;
    private GrowingLines samplesFile;
    private List<Provenance> starts = List.of();
    private long lastStep;

    private RunHistory(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.settings = settings;
        this.game = Game.of(settings);
        this.metricsFile = new GrowingLines(RunFolder.metrics(folder));
        this.samplesFile = new GrowingLines(samples(folder));
    }

    /**
     * Reads a run that may have no numbers yet.
     *
     * @throws InputException if the folder holds no run, or one of its files can't be read
     */
    public static RunHistory open(Path folder) {
        Path config = folder.resolve("config.yaml");
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + ": " + (Files.exists(folder) ? "a file" : "no such folder")
                    + "; expected the folder of a run");
        }
        if (Files.notExists(config)) {
            throw new InputException(
                    folder + ": holds no run (no config.yaml); expected a folder that pretrain has" + " made");
        }
        RunHistory history = new RunHistory(folder, ConfigLoader.texts(config));
        history.refresh();
        return history;
    }

    /**
     * Reads a run.
     *
     * @throws InputException as {@link #open}, and if it has no numbers
     */
    public static RunHistory read(Path folder) {
        RunHistory history = open(folder);
        if (history.series.isEmpty()) {
            Path metrics = RunFolder.metrics(folder);
            throw new InputException(metrics + ": " + (Files.exists(metrics) ? "holds no numbers yet" : "no such file")
                    + "; expected a line for each logged step");
        }
        return history;
    }

    /** Returns the file of the samples in a run's folder. */
    static Path samples(Path folder) {
        return folder.resolve("samples.jsonl");
    }

    /**
     * Reads what the run has written since.
     *
     * @return whether that is anything
     * @throws InputException if a file can't be read
     */
    boolean refresh() {
        boolean changed = false;
        if (metricsFile.wasCut() || samplesFile.wasCut()) {
            series.clear();
            samples.clear();
            lastStep = 0;
            metricsFile = new GrowingLines(RunFolder.metrics(folder));
            samplesFile = new GrowingLines(samples(folder));
            changed = true;
        }
        changed |= metricsFile.readTo((step, line, place) -> {
            lastStep = Math.max(lastStep, step);
            line.properties().forEach(number -> {
                String name = number.getKey();
                if (!name.equals("step")
                        && game.has(name)
                        && (number.getValue().isNumber() || number.getValue().isNull())) {
                    double value =
                            number.getValue().isNumber() ? number.getValue().doubleValue() : Double.NaN;
                    series.computeIfAbsent(name, none -> new Series()).add(step, value);
                }
            });
        });
        changed |= samplesFile.readTo((step, line, place) -> {
            List<SampledSequence> sequences = SampledSequence.read(line, place);
            if (game.replaces()) {
                samples.add(new SampledStep(step, sequences));
                thinSamples();
            }
        });
        if (changed || starts.isEmpty()) {
            starts = RunFolder.startsOf(folder);
        }
        return changed;
    }

    /** Keeps the first ones, where most happens, and the last. */
    private void thinSamples() {
        if (samples.size() > MOST_SAMPLED_STEPS) {
            List<SampledStep> kept = new ArrayList<>();
            for (int i = 0; i < samples.size(); i++) {
                if (i < MOST_SAMPLED_STEPS / 4 || i % 2 == 0 || i == samples.size() - 1) {
                    kept.add(samples.get(i));
                }
            }
            samples.clear();
            samples.addAll(kept);
        }
    }

    /** Returns the run's folder. */
    public Path folder() {
        return folder;
    }

    /** Returns the last step that has numbers; 0 before the first. */
    public long lastStep() {
        return lastStep;
    }

    /** Returns the steps that the run is meant to have; 0 if its configuration does not tell. */
    public long plannedSteps() {
        return whole("training.steps");
    }

    /** Returns the steps of the warm-up; 0 if the configuration does not tell. */
    long warmupSteps() {
        return whole("schedule.warmup_steps");
    }

    /** Returns the width of the discriminator's states; 0 if the configuration does not tell. */
    long stateWidth() {
        return whole("model.discriminator.hidden_size");
    }

    private long whole(String key) {
        String text = settings.getOrDefault(key, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Returns which networks there are. */
    Game game() {
        return game;
    }

    /** Returns the run's configuration by dotted key, as it is written. */
    Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Returns where the numbers come from, the first start first. */
    List<Provenance> starts() {
        return starts;
    }

    /** Returns the numbers by name, in the order in which they first came. */
    Map<String, Series> series() {
        return Collections.unmodifiableMap(series);
    }

    /** Returns the last held-out score of a name, without the prefix that it has in the file; NaN if there is none. */
    double lastHeldOut(String name) {
        return series(HELD_OUT + name)
                .flatMap(series -> series.last().stream().boxed().findFirst())
                .orElse(Double.NaN);
    }

    /** Returns the numbers of a name; none if there are none. */
    Optional<Series> series(String name) {
        return Optional.ofNullable(series.get(name));
    }

    /** Returns the samples by step, thinned if they are many. */
    List<SampledStep> samples() {
        return List.copyOf(samples);
    }
}
