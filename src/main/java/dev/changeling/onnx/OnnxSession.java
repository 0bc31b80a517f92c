package dev.changeling.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.ReplacedSequence;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph at work in ONNX Runtime, on the CPU. Safe for use by several threads, until it is closed. */
public final class OnnxSession implements AutoCloseable {
    private final Path file;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxSession(Path file, OrtEnvironment environment, OrtSession session) {
        this.file = file;
        this.environment = environment;
        this.session = session;
    }

    /**
     * The numbers that a graph answers with.
     *
     * @param values row-major
     * @param shape outermost dimension first
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Answer(float[] values, long[] shape) {}

    /**
     * Loads a graph, which ONNX Runtime checks: operators, types and shapes.
     *
     * @throws InputException if it can't be loaded
     */
    public static OnnxSession open(Path file) {
        return open(file, 0);
    }

    /**
     * Loads a graph as {@link #open(Path)}.
     *
     * @param threads how many of them an operator is divided among; 0 for as many as the runtime finds cores
     * @throws InputException if it can't be loaded
     */
    public static OnnxSession open(Path file, int threads) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            // What goes wrong comes as an exception; the runtime would print it, too.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return new OnnxSession(file, environment, environment.createSession(file.toString(), options));
        } catch (OrtException e) {
            throw failed(file, "can't be loaded", e);
        }
    }

    /**
     * Runs rows of equal length.
     *
     * @param ids [B, S]
     * @param mask [B, S], 1 for a real token, 0 for padding
     * @param segments [B, S]
     * @return the first output
     * @throws InputException if the runtime refuses them, for example because a row is longer than the position table
     */
    public Answer run(long[][] ids, long[][] mask, long[][] segments) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            inputs.put(ElectraGraph.INPUT_IDS, tensor(ids));
            inputs.put(ElectraGraph.ATTENTION_MASK, tensor(mask));
            inputs.put(ElectraGraph.TOKEN_TYPE_IDS, tensor(segments));
            try (OrtSession.Result result = session.run(inputs)) {
                OnnxTensor output = (OnnxTensor) result.get(0);
                FloatBuffer values = output.getFloatBuffer();
                float[] copy = new float[values.remaining()];
                values.get(copy);
                return new Answer(copy, output.getInfo().getShape());
            }
        } catch (OrtException e) {
            throw failed(file, "can't be run", e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /**
     * Returns what a replaced token detector says of sequences, a logit for each token, padding left out.
     *
     * @param padding the id of [PAD]
     */
    List<float[]> score(List<ReplacedSequence> sequences, int padding) {
        int length = sequences.stream()
                .mapToInt(sequence -> sequence.tokens().length)
                .max()
                .orElse(0);
        long[][] ids = new long[sequences.size()][length];
        long[][] mask = new long[sequences.size()][length];
        long[][] segments = new long[sequences.size()][length];
        for (int row = 0; row < ids.length; row++) {
            ReplacedSequence sequence = sequences.get(row);
            for (int i = 0; i < length; i++) {
                boolean real = i < sequence.tokens().length;
                ids[row][i] = real ? sequence.tokens()[i] : padding;
                mask[row][i] = real ? 1 : 0;
                segments[row][i] = real ? sequence.segments()[i] : 0;
            }
        }
        float[] logits_BS = run(ids, mask, segments).values();
        List<float[]> scores = new ArrayList<>();
        for (int row = 0; row < ids.length; row++) {
            int start = row * length;
            scores.add(Arrays.copyOfRange(
                    logits_BS, start, start + sequences.get(row).tokens().length));
        }
        return scores;
    }

    private OnnxTensor tensor(long[][] rows) throws OrtException {
        int length = rows[0].length;
        LongBuffer values = LongBuffer.allocate(rows.length * length);
        for (long[] row : rows) {
            values.put(row);
        }
        return OnnxTensor.createTensor(environment, values.flip(), new long[] {rows.length, length});
    }

    private static InputException failed(Path file, String what, OrtException e) {
        return new InputException(
                file + ": " + what + " by ONNX Runtime: "
                        + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                e);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            // Nothing was written, so nothing is lost.
        }
    }
}
