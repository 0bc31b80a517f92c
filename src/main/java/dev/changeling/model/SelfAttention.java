package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.DropoutMask;
import dev.changeling.tensor.Temporaries;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** Multi-head scaled dot-product attention within each sequence (Vaswani et al., arXiv 1706.03762, section 3.2). */
final class SelfAttention {
    private final Linear queryKeyValue;
    private final Linear output;
    private final BlockedAttention blocked;
    private final int heads;
    private final int hidden;

    /** @param name of the block, ending in {@code attention.} */
    SelfAttention(ParameterStore store, String name, NetworkConfig config) {
        hidden = config.hiddenSize();
        heads = config.heads();
        blocked = new BlockedAttention(heads, hidden);
        queryKeyValue =
                new Linear(store, List.of(name + "self.query", name + "self.key", name + "self.value"), hidden, hidden);
        output = new Linear(store, name + "output.dense", hidden, hidden);
    }

    /** Returns what each token gathers from its sequence, [B, S, H]. */
    Tensor apply(Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        return output.apply(attend(queryKeyValue.apply(x_BSH), bias, dropout.attentionMask()));
    }

    /** Returns it for some tokens only, [M, H], given by their flat indices into B·S. */
    Tensor applyAt(Tensor positions_M, Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor gathered_BSH = attend(queryKeyValue.apply(x_BSH), bias, dropout.attentionMask());
        return output.apply(TransformerEncoder.flat(gathered_BSH).index_select(0, positions_M));
    }

    /** The same as {@link #apply} with its gradient by hand. */
    Differentiated differentiate(Tensor x_BSH, AttentionBias bias, Dropout dropout) {
        Tensor queryKeyValue_BS3H = Temporaries.freed(() -> queryKeyValue.apply(x_BSH));
        Differentiated gathered = blocked.differentiate(queryKeyValue_BS3H, bias, dropout.attentionMask());
        queryKeyValue_BS3H.close();
        Tensor output_BSH = Temporaries.freed(() -> output.apply(gathered.output()));
        return new Differentiated(output_BSH, gradient_BSH -> {
            Tensor ofQueryKeyValue_BS3H = Temporaries.freed(
                    () -> gathered.pullback().apply(output.pullback(gradient_BSH, gathered.output())));
            gathered.output().close();
            return queryKeyValue.pullback(ofQueryKeyValue_BS3H, x_BSH);
        });
    }

    /** Returns whether {@link #differentiate} can be used; the other layer takes as many tokens. */
    boolean canDifferentiate(Tensor x_BSH) {
        return queryKeyValue.canPullBack(x_BSH);
    }

    private Tensor attend(Tensor queryKeyValue_BS3H, AttentionBias bias, @Nullable DropoutMask mask) {
        TensorVector parts = queryKeyValue_BS3H.split(hidden, 2);
        Tensor query_BNSD = byHead(parts.get(0));
        Tensor key_BNSD = byHead(parts.get(1));
        Tensor value_BNSD = byHead(parts.get(2));
        Tensor gathered_BNSD = mask == null
                ? fused(query_BNSD, key_BNSD, value_BNSD, bias)
                : spelledOut(query_BNSD, key_BNSD, value_BNSD, bias, mask);
        return gathered_BNSD.transpose(1, 2).reshape(queryKeyValue_BS3H.size(0), queryKeyValue_BS3H.size(1), hidden);
    }

    private static Tensor fused(Tensor query_BNSD, Tensor key_BNSD, Tensor value_BNSD, AttentionBias bias) {
        return torch.scaled_dot_product_attention(
                query_BNSD,
                key_BNSD,
                value_BNSD,
                isNeeded(bias) ? new TensorOptional(bias.bias_B1SS()) : new TensorOptional(),
                0,
                false,
                new DoubleOptional(),
                false);
    }

    // Adding zeros may round otherwise than adding nothing, and runs should repeat whatever program began them.
    private static boolean isNeeded(AttentionBias bias) {
        return GradMode.is_enabled() || bias.isNeeded(0, bias.mixed().length);
    }

    // The fused kernel draws its dropout from the process's random numbers, which threads share.
    private Tensor spelledOut(
            Tensor query_BNSD, Tensor key_BNSD, Tensor value_BNSD, AttentionBias bias, DropoutMask mask) {
        Scalar scale = new Scalar(1 / Math.sqrt(hidden / (double) heads));
        Tensor scores_BNSS =
                query_BNSD.mul(scale).matmul(key_BNSD.transpose(2, 3)).add(bias.bias_B1SS());
        return Dropout.apply(mask, torch.softmax(scores_BNSS, 3)).matmul(value_BNSD);
    }

    private Tensor byHead(Tensor x_BSH) {
        return x_BSH.view(x_BSH.size(0), x_BSH.size(1), heads, hidden / heads).transpose(1, 2);
    }
}
