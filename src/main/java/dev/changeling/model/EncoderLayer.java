package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.Temporaries;
import org.bytedeco.pytorch.Tensor;

/** One post-LayerNorm Transformer block as in BERT: attention, then a feed-forward block. */
final class EncoderLayer {
    private final SelfAttention attention;
    private final ResidualNorm attentionNorm;
    private final FeedForward feedForward;
    private final ResidualNorm outputNorm;

    /** @param name of the layer, ending in {@code layer.N.} */
    EncoderLayer(ParameterStore store, String name, NetworkConfig config, double layerNormEpsilon) {
        int width = config.hiddenSize();
        attention = new SelfAttention(store, name + "attention.", config);
        attentionNorm = new ResidualNorm(store, name + "attention.output.LayerNorm", width, layerNormEpsilon);
        feedForward = new FeedForward(store, name, config);
        outputNorm = new ResidualNorm(store, name + "output.LayerNorm", width, layerNormEpsilon);
    }

    Tensor apply(Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor attended_BSH = attentionNorm.apply(x_BSH, attention.apply(x_BSH, bias, dropout), dropout);
        return outputNorm.apply(attended_BSH, feedForward.apply(attended_BSH), dropout);
    }

    /** The same as {@link #apply} outside of autograd: what is computed on the way is freed on the way. */
    Tensor pass(Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor gathered_BSH = Temporaries.freed(() -> attention.apply(x_BSH, bias, dropout));
        Tensor attended_BSH = Temporaries.freed(() -> attentionNorm.apply(x_BSH, gathered_BSH, dropout));
        gathered_BSH.close();
        Tensor thought_BSH = Temporaries.freed(() -> feedForward.pass(attended_BSH));
        Tensor output_BSH = Temporaries.freed(() -> outputNorm.apply(attended_BSH, thought_BSH, dropout));
        attended_BSH.close();
        thought_BSH.close();
        return output_BSH;
    }

    /**
     * Returns the layer's output at some positions only, [M, H]. What they attend to is all of x.
     *
     * @param positions_M flat indices into B·S
     */
    Tensor applyAt(Tensor positions_M, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor x_MH = TransformerEncoder.flat(x_BSH).index_select(0, positions_M);
        Tensor gathered_MH = attention.applyAt(positions_M, x_BSH, bias, dropout);
        Tensor attended_MH = attentionNorm.apply(x_MH, gathered_MH, dropout);
        return outputNorm.apply(attended_MH, feedForward.apply(attended_MH), dropout);
    }

    /**
     * The same as {@link #apply} with its gradient by hand: less to keep, less to copy. x must stay until the pullback
     * has run.
     */
    Differentiated differentiate(Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Differentiated gathered = attention.differentiate(x_BSH, bias, dropout);
        ResidualNorm.Joined attended = attentionNorm.differentiate(x_BSH, gathered.output(), dropout);
        gathered.output().close();
        Differentiated thought = feedForward.differentiate(attended.output());
        ResidualNorm.Joined output = outputNorm.differentiate(attended.output(), thought.output(), dropout);
        thought.output().close();
        return new Differentiated(output.output(), gradient_BSH -> {
            Tensor ofAttended_BSH = Temporaries.freed(() -> {
                ResidualNorm.Gradients of = output.pullback().apply(gradient_BSH);
                return thought.pullback().apply(of.ofBranch()).add_(of.ofX());
            });
            attended.output().close();
            ResidualNorm.Gradients of = attended.pullback().apply(ofAttended_BSH);
            return gathered.pullback().apply(of.ofBranch()).add_(of.ofX());
        });
    }

    /** Returns whether {@link #differentiate} can be used. */
    boolean canDifferentiate(Tensor x_BSH) {
        return attention.canDifferentiate(x_BSH) && feedForward.canDifferentiate(x_BSH);
    }
}
