package dev.changeling.model;

import dev.changeling.tensor.Differentiated;
import dev.changeling.tensor.DropoutMask;
import dev.changeling.tensor.Temporaries;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention on the CPU with its gradient by hand, a few rows at a time, so that what lies between
 * the products stays in the processor's cache. Unlike libtorch's fused kernel, it can drop attention weights.
 *
 * <p>Shapes: B rows of S tokens, N heads of width D, H = N · D. In a block, G heads of whole rows.
 */
final class BlockedAttention {
    /** Attention weights in a block, about. Up to three tensors of that many floats are in use at once. */
    private static final long BLOCK = 1 << 17;

    private final int heads;
    private final int width;
    private final double scale;

    /**
     * @param heads N
     * @param hidden H
     */
    BlockedAttention(int heads, int hidden) {
        this.heads = heads;
        width = hidden / heads;
        scale = 1 / Math.sqrt(width);
    }

    /**
     * Returns what each token gathers from its sequence, [B, S, H]. The pullback returns the gradient with respect to
     * queries, keys and values. The output must stay until it has run.
     *
     * @param queryKeyValue_BS3H queries, keys and values of all heads, one after another
     */
    Differentiated differentiate(Tensor queryKeyValue_BS3H, AttentionBias bias, @Nullable DropoutMask mask) {
        long rows = queryKeyValue_BS3H.size(0);
        long length = queryKeyValue_BS3H.size(1);
        Tensor queryKeyValue_3BNSD = byHead(queryKeyValue_BS3H);
        Tensor weights_BNSS = torch.empty(rows, heads, length, length);
        Tensor gathered_BSH = Temporaries.freed(() -> {
            Tensor gathered_1BNSD = torch.empty(1, rows, heads, length, width);
            inBlocks(rows, length, block -> {
                Tensor weights_GSS = block.of(weights_BNSS);
                score(block, queryKeyValue_3BNSD, bias, weights_GSS);
                torch.softmax_out(weights_GSS, weights_GSS, 2);
                Tensor kept_GSS = mask == null ? weights_GSS : weights_GSS.mul(factors(mask, block, weights_GSS));
                torch.bmm_out(block.of(gathered_1BNSD, 0), kept_GSS, block.of(queryKeyValue_3BNSD, 2));
            });
            return byToken(gathered_1BNSD);
        });
        return new Differentiated(gathered_BSH, gradient_BSH -> {
            Tensor gradient_1BNSD = byHead(gradient_BSH);
            // Σ over the keys of weight times its gradient, which softmax's derivative needs, is Σ over the head's
            // width of what was gathered times its gradient (Dao et al., arXiv 2205.14135, appendix B.2).
            Tensor inner_BNS1 = gradient_BSH
                    .mul(gathered_BSH)
                    .view(rows, length, heads, width)
                    .sum(new long[] {3}, true, new ScalarTypeOptional())
                    .transpose(1, 2)
                    .contiguous();
            Tensor gradients_3BNSD = torch.empty_like(queryKeyValue_3BNSD);
            inBlocks(
                    rows,
                    length,
                    block -> pullBack(
                            block,
                            queryKeyValue_3BNSD,
                            block.of(weights_BNSS),
                            mask,
                            block.of(gradient_1BNSD, 0),
                            block.of(inner_BNS1),
                            gradients_3BNSD));
            weights_BNSS.close();
            queryKeyValue_3BNSD.close();
            return byToken(gradients_3BNSD);
        });
    }

    private void score(Block block, Tensor queryKeyValue_3BNSD, AttentionBias bias, Tensor scores_GSS) {
        multiplyInto(
                scores_GSS,
                block.of(queryKeyValue_3BNSD, 0),
                block.of(queryKeyValue_3BNSD, 1).transpose(1, 2));
        if (bias.isNeeded(block.first(), block.rows())) {
            long length = scores_GSS.size(1);
            scores_GSS
                    .view(block.rows(), heads, length, length)
                    .add_(bias.bias_B1SS().narrow(0, block.first(), block.rows()));
        }
    }

    private void pullBack(
            Block block,
            Tensor queryKeyValue_3BNSD,
            Tensor weights_GSS,
            @Nullable DropoutMask mask,
            Tensor gradient_GSD,
            Tensor inner_GS1,
            Tensor gradients_3BNSD) {
        Tensor ofWeights_GSS = gradient_GSD.bmm(block.of(queryKeyValue_3BNSD, 2).transpose(1, 2));
        Tensor kept_GSS = weights_GSS;
        if (mask != null) {
            Tensor factors_GSS = factors(mask, block, weights_GSS);
            ofWeights_GSS.mul_(factors_GSS);
            kept_GSS = factors_GSS.mul_(weights_GSS);
        }
        torch.bmm_out(block.of(gradients_3BNSD, 2), kept_GSS.transpose(1, 2), gradient_GSD);
        Tensor ofScores_GSS = ofWeights_GSS.sub_(inner_GS1).mul_(weights_GSS);
        multiplyInto(block.of(gradients_3BNSD, 0), ofScores_GSS, block.of(queryKeyValue_3BNSD, 1));
        multiplyInto(block.of(gradients_3BNSD, 1), ofScores_GSS.transpose(1, 2), block.of(queryKeyValue_3BNSD, 0));
    }

    /** Sets the target to {@code scale · left · right}, whatever it was. */
    private void multiplyInto(Tensor target, Tensor left, Tensor right) {
        target.baddbmm_(left, right, new Scalar(0.0), new Scalar(scale));
    }

    private static Tensor factors(DropoutMask mask, Block block, Tensor weights_GSS) {
        Tensor factors_GSS = torch.empty_like(weights_GSS);
        mask.fill(factors_GSS, block.first() * weights_GSS.numel() / block.rows());
        return factors_GSS;
    }

    /** Returns [K, B, N, S, D] of [B, S, K · H], each head's matrix in one piece: the BLAS is slower on others. */
    private Tensor byHead(Tensor x) {
        return Temporaries.freed(() -> x.view(x.size(0), x.size(1), -1, heads, width)
                .permute(2, 0, 3, 1, 4)
                .contiguous());
    }

    /** Undoes {@link #byHead}. */
    private static Tensor byToken(Tensor x_KBNSD) {
        return x_KBNSD.permute(1, 3, 0, 2, 4).reshape(x_KBNSD.size(1), x_KBNSD.size(3), -1);
    }

    /** A few rows of the batch. */
    private record Block(long first, long rows) {

        /** Returns the block's part of queries, keys or values, [G, S, D], or of another tensor by head. */
        Tensor of(Tensor x_KBNSD, long part) {
            return of(x_KBNSD.select(0, part));
        }

        /** Returns the block's part of a tensor, [G, S, …] of [B, N, S, …]. */
        Tensor of(Tensor x_BNSx) {
            return x_BNSx.narrow(0, first, rows).flatten(0, 1);
        }
    }

    private interface Step {
        void run(Block block);
    }

    private void inBlocks(long rows, long length, Step step) {
        long most = Math.max(1, BLOCK / (heads * length * length));
        for (long first = 0; first < rows; first += most) {
            try (PointerScope scope = new PointerScope()) {
                step.run(new Block(first, Math.min(most, rows - first)));
            }
        }
    }
}
