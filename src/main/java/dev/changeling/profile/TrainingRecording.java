package dev.changeling.profile;

import dev.changeling.error.InputException;
import dev.changeling.profile.TimedStep.TimedPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording of this process's training steps and their phases, and of nothing else. */
public final class TrainingRecording implements AutoCloseable {
    private static final Map<String, Phase> PHASES =
            Arrays.stream(Phase.values()).collect(Collectors.toUnmodifiableMap(Phase::label, Function.identity()));

    private final Recording recording = new Recording();

    private TrainingRecording() {
        recording.enable(StepEvent.class);
        recording.enable(PhaseEvent.class);
        recording.start();
    }

    /** Begins to record. */
    public static TrainingRecording start() {
        return new TrainingRecording();
    }

    /** Ends the recording and returns its whole steps, in their order. A temporary file is written and deleted. */
    public List<TimedStep> stop() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("changeling", ".jfr");
        try {
            recording.dump(file);
            return read(file);
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Returns the whole steps in the file of any recording, in their order.
     *
     * @throws InputException if there is no such file, or it is no recording
     */
    public static List<TimedStep> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file; expected a recording of the JDK's Flight Recorder");
        }
        NavigableMap<Long, RecordedEvent> steps = new TreeMap<>();
        List<RecordedEvent> phases = new ArrayList<>();
        try (RecordingFile events = new RecordingFile(file)) {
            while (events.hasMoreEvents()) {
                RecordedEvent event = events.readEvent();
                switch (event.getEventType().getName()) {
                    case StepEvent.NAME -> steps.put(nanos(event.getStartTime()), event);
                    case PhaseEvent.NAME -> phases.add(event);
                    default -> {}
                }
            }
        } catch (IOException | RuntimeException e) { // the parser throws what it likes at damaged bytes
            throw new InputException(
                    file + ": no whole recording of the JDK's Flight Recorder (" + e.getMessage() + ")", e);
        }
        Map<Long, List<TimedPhase>> byStep = phasesOf(steps, phases);
        List<TimedStep> timed = new ArrayList<>();
        steps.forEach((start, event) -> timed.add(new TimedStep(
                event.getLong("step"),
                event.getLong("tokens"),
                event.getDuration().toNanos(),
                byStep.getOrDefault(start, List.of()))));
        return List.copyOf(timed);
    }

    private static Map<Long, List<TimedPhase>> phasesOf(
            NavigableMap<Long, RecordedEvent> steps, List<RecordedEvent> phases) {
        Map<Long, List<TimedPhase>> byStep = new TreeMap<>();
        for (RecordedEvent event : phases) {
            long start = nanos(event.getStartTime());
            Map.Entry<Long, RecordedEvent> step = steps.floorEntry(start);
            Phase phase = PHASES.get(event.getString("phase"));
            // What lies between steps, evaluation for example, has phases too.
            if (step != null && phase != null && start < nanos(step.getValue().getEndTime())) {
                byStep.computeIfAbsent(step.getKey(), at -> new ArrayList<>())
                        .add(new TimedPhase(
                                phase,
                                event.getThread().getJavaThreadId(),
                                start,
                                event.getDuration().toNanos()));
            }
        }
        byStep.values().forEach(list -> list.sort(Comparator.comparingLong(TimedPhase::start)));
        return byStep;
    }

    private static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    @Override
    public void close() {
        recording.close();
    }
}
