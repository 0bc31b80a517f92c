package dev.changeling.model;

import dev.changeling.batch.Batch;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A batch on the device, as the encoders take it.
 *
 * @param tokens_BS token ids
 * @param segments_BS segment (token type) ids
 * @param positions_BS positions within each sequence
 * @param attentionBias keeps every token within its sequence
 * @param real_T flat index into B·S of every token that is not padding, ascending
 * @param first_N flat index into B·S of the first token of each of the N sequences, ascending
 */
public record PackedInput(
        Tensor tokens_BS,
        Tensor segments_BS,
        Tensor positions_BS,
        AttentionBias attentionBias,
        Tensor real_T,
        Tensor first_N) {

    /** Copies a batch to the engine's device. */
    public static PackedInput of(Engine engine, Batch batch) {
        long[] shape_BS = {batch.rows(), batch.length()};
        int[] real = places(batch, i -> batch.sequences()[i] != 0);
        int[] first = places(batch, i -> batch.sequences()[i] != 0 && batch.positions()[i] == 0);
        return new PackedInput(
                HostCopy.toDevice(engine, batch.tokens(), shape_BS),
                HostCopy.toDevice(engine, batch.segments(), shape_BS),
                HostCopy.toDevice(engine, batch.positions(), shape_BS),
                new AttentionBias(
                        attentionBias(engine, HostCopy.toDevice(engine, batch.sequences(), shape_BS)), mixed(batch)),
                HostCopy.toDevice(engine, real, real.length),
                HostCopy.toDevice(engine, first, first.length));
    }

    /**
     * Returns where some tokens stand among the real ones, [M] into T.
     *
     * @param positions_M flat indices into B·S of tokens that are not padding
     */
    public Tensor amongReal(Tensor positions_M) {
        return torch.searchsorted(real_T, positions_M);
    }

    /**
     * Returns the rows of what belongs to the first token of each sequence, [CLS], in order, [Q, H].
     *
     * @param hidden_TH of all real tokens
     */
    public Tensor firsts(Tensor hidden_TH) {
        Tensor position_T = positions_BS.reshape(-1).index_select(0, real_T);
        return hidden_TH.index_select(0, position_T.eq(new Scalar(0)).nonzero().squeeze(1));
    }

    /** Returns the same sequences with other tokens in them. */
    public PackedInput withTokens(Tensor otherTokens_BS) {
        return new PackedInput(otherTokens_BS, segments_BS, positions_BS, attentionBias, real_T, first_N);
    }

    // Padding counts as one more sequence, so that no row of the softmax is empty and nothing becomes NaN.
    private static Tensor attentionBias(Engine engine, Tensor sequences_BS) {
        Tensor query_B1S1 = sequences_BS.unsqueeze(1).unsqueeze(3);
        Tensor key_B11S = sequences_BS.unsqueeze(1).unsqueeze(2);
        Tensor stranger_B1SS = query_B1S1.ne(key_B11S);
        return torch.zeros(stranger_B1SS.shape(), engine.floats())
                .masked_fill_(stranger_B1SS, new Scalar(Double.NEGATIVE_INFINITY));
    }

    private static boolean[] mixed(Batch batch) {
        boolean[] mixed = new boolean[batch.rows()];
        for (int i = 0; i < batch.sequences().length; i++) {
            mixed[i / batch.length()] |= batch.sequences()[i] != batch.sequences()[i - i % batch.length()];
        }
        return mixed;
    }

    private static int[] places(Batch batch, IntPredicate isMeant) {
        return IntStream.range(0, batch.sequences().length).filter(isMeant).toArray();
    }
}
