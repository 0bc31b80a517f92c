package dev.changeling.model;

import dev.changeling.batch.Batches;
import dev.changeling.batch.Sequence;
import dev.changeling.batch.SequenceGroups;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * Asks a network about sequences as they come, any number of any length. Safe for use by several threads.
 *
 * @param engine that holds the network
 * @param network what is asked
 * @param padding the id of [PAD]
 */
public record SequenceOutputs(Engine engine, SequenceNetwork network, int padding) {
    // Bounds the attention bias, which grows with rows × length², and everything else.
    private static final int TOKENS_A_BATCH = 4096;

    /** @param padding the id of [PAD] */
    public static SequenceOutputs of(StandaloneModel<? extends SequenceNetwork> model, int padding) {
        return new SequenceOutputs(model.engine(), model.network(), padding);
    }

    /**
     * Returns the outputs for every sequence, in the order given, of whoever is asked about batches of about one
     * length.
     *
     * @param ask returns, for each batch, the outputs of its sequences
     */
    public static List<float[]> inBatches(
            List<Sequence> sequences, Function<List<List<Sequence>>, List<List<float[]>>> ask) {
        int[] lengths = sequences.stream().mapToInt(Sequence::length).toArray();
        List<List<Integer>> groups = SequenceGroups.byLength(lengths, TOKENS_A_BATCH);
        List<List<float[]>> answers = ask.apply(groups.stream()
                .map(group -> group.stream().map(sequences::get).toList())
                .toList());
        float[][] outputs = new float[sequences.size()][];
        for (int group = 0; group < groups.size(); group++) {
            for (int i = 0; i < groups.get(group).size(); i++) {
                outputs[groups.get(group).get(i)] = answers.get(group).get(i);
            }
        }
        return List.of(outputs);
    }

    /**
     * Returns the outputs for every sequence, in the order given, without dropout: K numbers, or K for each token if
     * tokens are judged.
     *
     * @param sequences none longer than the position table
     */
    public List<float[]> of(List<Sequence> sequences) {
        return inBatches(
                sequences, batches -> batches.stream().map(this::ofBatch).toList());
    }

    /** Returns the outputs of a few sequences, which are sent together. */
    public List<float[]> ofBatch(List<Sequence> sequences) {
        try (Engine.Scope scope = engine.scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            PackedInput input = PackedInput.of(engine, Batches.of(sequences, padding));
            return rows(HostCopy.toFloats(network.outputs(input, Dropout.NONE)), sequences);
        }
    }

    private List<float[]> rows(float[] all, List<Sequence> sequences) {
        int judged = network.judgesTokens()
                ? sequences.stream().mapToInt(Sequence::length).sum()
                : sequences.size();
        int width = all.length / judged;
        List<float[]> rows = new ArrayList<>();
        int from = 0;
        for (Sequence sequence : sequences) {
            int to = from + width * (network.judgesTokens() ? sequence.length() : 1);
            rows.add(Arrays.copyOfRange(all, from, to));
            from = to;
        }
        return rows;
    }
}
