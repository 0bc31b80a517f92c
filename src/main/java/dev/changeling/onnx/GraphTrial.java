package dev.changeling.onnx;

import dev.changeling.error.InputException;
import dev.changeling.hub.HuggingFaceConfig;
import java.nio.file.Path;
import java.util.Arrays;

/** One run of a graph that was just written: no folder appears whose graph a runtime refuses. */
final class GraphTrial {
    private GraphTrial() {}

    /** @throws InputException if the graph can't be loaded or run, or answers with numbers that are not finite */
    static void run(Path file, HuggingFaceConfig config) {
        int length = Math.min(8, config.maxPositions());
        long[][] ids = new long[2][length];
        long[][] mask = new long[2][length];
        long[][] segments = new long[2][length];
        for (long[] row : ids) {
            Arrays.setAll(row, i -> i % config.vocabularySize());
        }
        Arrays.fill(mask[0], 1);
        Arrays.fill(mask[1], 0, (length + 1) / 2, 1);
        try (OnnxSession session = OnnxSession.open(file)) {
            for (float value : session.run(ids, mask, segments).values()) {
                if (!Float.isFinite(value)) {
                    throw new InputException(file + ": the graph answers with " + value + "; expected finite numbers");
                }
            }
        }
    }
}
