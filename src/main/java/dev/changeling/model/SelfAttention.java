package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Multi-head scaled dot-product attention within each sequence (Vaswani et al., arXiv 1706.03762, section 3.2). */
final class SelfAttention {
    private final Linear queryKeyValue;
    private final Linear output;
    private final int heads;
    private final int hidden;

    /** @param name of the block, ending in {@code attention.} */
    SelfAttention(ParameterStore store, String name, NetworkConfig config) {
        hidden = config.hiddenSize();
        heads = config.heads();
        queryKeyValue =
                new Linear(store, List.of(name + "self.query", name + "self.key", name + "self.value"), hidden, hidden);
        output = new Linear(store, name + "output.dense", hidden, hidden);
    }

    /** Returns what each token gathers from its sequence, [B, S, H]. */
    Tensor apply(Tensor hidden_BSH, Tensor bias_B1SS, Dropout dropout) {
        long rows = hidden_BSH.size(0);
        long length = hidden_BSH.size(1);
        TensorVector parts = queryKeyValue.apply(hidden_BSH).split(hidden, 2);
        Tensor query_BNSD = byHead(parts.get(0));
        Tensor key_BNSD = byHead(parts.get(1));
        Tensor value_BNSD = byHead(parts.get(2));
        Tensor gathered_BNSD = dropout.dropsAttention()
                ? spelledOut(query_BNSD, key_BNSD, value_BNSD, bias_B1SS, dropout)
                : fused(query_BNSD, key_BNSD, value_BNSD, bias_B1SS);
        return output.apply(gathered_BNSD.transpose(1, 2).reshape(rows, length, hidden));
    }

    private static Tensor fused(Tensor query_BNSD, Tensor key_BNSD, Tensor value_BNSD, Tensor bias_B1SS) {
        return torch.scaled_dot_product_attention(
                query_BNSD, key_BNSD, value_BNSD, new TensorOptional(bias_B1SS), 0, false, new DoubleOptional(), false);
    }

    // The fused kernel draws its dropout from the process's random numbers, which threads share.
    private Tensor spelledOut(
            Tensor query_BNSD, Tensor key_BNSD, Tensor value_BNSD, Tensor bias_B1SS, Dropout dropout) {
        Scalar scale = new Scalar(1 / Math.sqrt(hidden / (double) heads));
        Tensor scores_BNSS =
                query_BNSD.mul(scale).matmul(key_BNSD.transpose(2, 3)).add(bias_B1SS);
        return dropout.ofAttention(torch.softmax(scores_BNSS, 3)).matmul(value_BNSD);
    }

    private Tensor byHead(Tensor x_BSH) {
        return x_BSH.view(x_BSH.size(0), x_BSH.size(1), heads, hidden / heads).transpose(1, 2);
    }
}
