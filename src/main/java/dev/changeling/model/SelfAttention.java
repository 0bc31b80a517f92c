package dev.changeling.model;

import dev.changeling.config.NetworkConfig;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
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
        Tensor gathered_BNSD = torch.scaled_dot_product_attention(
                byHead(parts.get(0)),
                byHead(parts.get(1)),
                byHead(parts.get(2)),
                new TensorOptional(bias_B1SS),
                dropout.attention(),
                false,
                new DoubleOptional(),
                false);
        return output.apply(gathered_BNSD.transpose(1, 2).reshape(rows, length, hidden));
    }

    private Tensor byHead(Tensor x_BSH) {
        return x_BSH.view(x_BSH.size(0), x_BSH.size(1), heads, hidden / heads).transpose(1, 2);
    }
}
