package dev.changeling.training;

import dev.changeling.TestBatches;
import dev.changeling.batch.Batch;
import dev.changeling.objective.MaskedBatch;
import dev.changeling.objective.MaskedPositions;
import dev.changeling.parity.Fixture;
import dev.changeling.training.TrainingParity.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Batches whose random choices a reference made. */
record FedBatches(List<List<MaskedBatch>> byStep) implements MaskedBatches {

    static FedBatches read(Fixture fixture, Layout layout) {
        int[] tokens = fixture.ints("batch/tokens");
        int[] segments = fixture.ints("batch/segments");
        int[] lengths = fixture.ints("batch/lengths");
        int[] masked = fixture.ints("batch/masked");
        int rows = lengths.length / masked.length;
        int size = tokens.length / masked.length;
        List<List<MaskedBatch>> byStep = new ArrayList<>();
        int from = 0;
        for (int step = 0; step < masked.length; step++) {
            int to = from + masked[step];
            // A token keeps its flat index in either layout.
            Batch batch = TestBatches.padded(
                    Arrays.copyOfRange(tokens, step * size, (step + 1) * size),
                    Arrays.copyOfRange(segments, step * size, (step + 1) * size),
                    Arrays.copyOfRange(lengths, step * rows, (step + 1) * rows),
                    layout == Layout.PACKED ? 2 : 1);
            byStep.add(cut(
                    batch,
                    layout == Layout.PACKED ? 2 : 1,
                    Arrays.copyOfRange(fixture.ints("batch/positions"), from, to),
                    Arrays.copyOfRange(fixture.ints("batch/written"), from, to),
                    Arrays.copyOfRange(fixture.ints("batch/samples"), from, to)));
            from = to;
        }
        return new FedBatches(byStep);
    }

    int steps() {
        return byStep.size();
    }

    @Override
    public List<MaskedBatch> of(long step) {
        return byStep.get(Math.toIntExact(step));
    }

    private static List<MaskedBatch> cut(Batch batch, int parts, int[] positions, int[] written, int[] samples) {
        int rows = batch.rows() / parts;
        int size = rows * batch.length();
        List<MaskedBatch> cut = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int first = part * size;
            int[] here = IntStream.range(0, positions.length)
                    .filter(i -> positions[i] >= first && positions[i] < first + size)
                    .toArray();
            MaskedPositions masked = new MaskedPositions(
                    Arrays.stream(here).map(i -> positions[i] - first).toArray(),
                    Arrays.stream(here).map(i -> batch.tokens()[positions[i]]).toArray(),
                    Arrays.stream(here).map(i -> written[i]).toArray());
            cut.add(new MaskedBatch(
                    TestBatches.rows(batch, part * rows, rows),
                    masked,
                    new float[here.length],
                    Arrays.stream(here).map(i -> samples[i]).toArray(),
                    null,
                    MaskedBatch.Place.END));
        }
        return cut;
    }
}
