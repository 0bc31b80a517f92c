package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.EmbeddingShift;
import dev.changeling.tensor.ExponentialNoise;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * How the embedding of a sample depends on the mixture that it was drawn from, by the straight-through Gumbel-softmax
 * (Jang et al., arXiv 1611.01144): the way on which the discriminator's gradient reaches the mixture in AMOS (Meng et
 * al., arXiv 2204.03243), reversed, so that the mixture learns to make the discriminator's loss large.
 *
 * <p>With p the mixture, {@code q ∝ p^(1/T)} what is drawn from and G Gumbel noise, the sample is the argmax of
 * {@code z = log q + G}, and in its derivative it stands for {@code y = softmax(z / τ)}: the embedding that the
 * discriminator reads, a row of its word table E, counts as {@code Σ_v y_v · E_v}. Head k's part is the softmax of the
 * logits s, and {@code ρ_kv = α_k · p_kv / p_v} the part that head k has in token v. Then
 *
 * <pre>{@code d embedding / d s_k = Σ_v y_v · (ρ_kv − Σ_w y_w · ρ_kw) · E_v / (τ · T)}</pre>
 *
 * <p>This needs no gradient of the discriminator's, only E numbers a position and head, so it is computed with the
 * prediction and multiplied in the backward pass by autograd. Only the mixture's logits receive it: to the heads, the
 * generator's trunk and the word table it is a constant.
 *
 * <p>The paper's are the Gumbel-softmax, τ = 0.3 and the reversal; ours is how the noise is drawn. The sample is drawn
 * first, by one uniform number and without noise, as in the whole family. The noise is then drawn given that sample.
 * {@code exp(−z_v)} is an exponential number of rate q_v; the smallest of them is one of rate 1, whichever it is, and
 * the others, which have no memory, exceed it by exponential numbers of their own rates. So with e of rate 1,
 * {@code exp(−z)} is e_0 at the sample and {@code e_0 + e_v / q_v} elsewhere, and {@code y_v ∝ (1 + e_v / (e_0 ·
 * q_v))^(−1/τ)}, 1 at the sample. A step draws the same samples with and without this gradient, however its batch is
 * cut.
 */
final class MixtureSensitivity {
    private final Electra model;
    private final long[] noise;
    private final double temperature;
    private final Tensor words_VE;
    private final List<Tensor> ofHeads_ME = new ArrayList<>();

    /**
     * Starts at 0.
     *
     * @param noise a seed for each masked position
     * @param temperature τ
     */
    MixtureSensitivity(Electra model, long[] noise, double temperature) {
        this.model = model;
        this.noise = noise;
        this.temperature = temperature;
        words_VE = model.discriminator().words_VE().detach();
        for (int k = 0; k < model.generator().heads().size(); k++) {
            ofHeads_ME.add(torch.zeros(
                    new long[] {noise.length, words_VE.size(1)}, model.engine().floats()));
        }
    }

    /**
     * Adds what a block has to say; outside of autograd.
     *
     * @param first the block's first position
     * @param samples_R what was drawn there
     */
    void add(long first, MixtureBlock mixture, Tensor samples_R) {
        long rows = samples_R.size(0);
        Tensor relaxed_RV = relaxed(mixture.draws_RV(), samples_R, Math.toIntExact(first));
        Tensor ratio_RV = MixtureBlock.buffer(model, "relaxed over mixture", rows);
        torch.div_out(ratio_RV, relaxed_RV, mixture.mixed_RV());
        Tensor covariance_RV = MixtureBlock.buffer(model, "covariance", rows);
        int last = ofHeads_ME.size() - 1;
        Tensor ofLast_RE = ofHeads_ME.get(last).narrow(0, first, rows);
        for (int k = 0; k < last; k++) {
            PredictedBlock head = mixture.heads().get(k);
            torch.mul_out(covariance_RV, ratio_RV, head.likelihoods_RV());
            covariance_RV.mul_(
                    mixture.parts_RK().select(1, k).mul(head.scale_R()).unsqueeze(1));
            covariance_RV.addcmul_(relaxed_RV, sumOf(covariance_RV).neg());
            Tensor of_RE = ofHeads_ME.get(k).narrow(0, first, rows);
            model.engine().addProduct(of_RE, covariance_RV, words_VE);
            ofLast_RE.sub_(of_RE); // the parts that the heads have in a token add up to 1
        }
    }

    /** Returns y, [R, V]. */
    private Tensor relaxed(Tensor draws_RV, Tensor samples_R, int first) {
        int rows = Math.toIntExact(samples_R.size(0));
        Tensor relaxed_RV = MixtureBlock.buffer(model, "relaxed", rows);
        ExponentialNoise.fill(relaxed_RV, noise, first);
        Tensor ofSample_R1 = ExponentialNoise.ofRows(model.engine(), noise, first, rows);
        relaxed_RV
                .div_(draws_RV)
                .mul_(sumOf(draws_RV).div_(ofSample_R1))
                .add_(new Scalar(1))
                .pow_(new Scalar(-1 / temperature));
        Tensor samples_R1 = samples_R.unsqueeze(1);
        relaxed_RV.scatter_(1, samples_R1, torch.ones_like(ofSample_R1));
        return relaxed_RV.div_(sumOf(relaxed_RV));
    }

    private static Tensor sumOf(Tensor rows_RV) {
        return rows_RV.sum(new long[] {1}, true, new ScalarTypeOptional());
    }

    /**
     * Returns a shift of the samples' embeddings that is 0 and has this derivative, reversed.
     *
     * @param logits_MK s; gradients flow into it
     * @param drawTemperature T
     * @param positions_M where the samples stand
     * @param own_M 1 where the sample is the mixture's, 0 where something else was written
     * @param weight that the discriminator's gradient is multiplied by
     */
    EmbeddingShift shift(Tensor logits_MK, double drawTemperature, Tensor positions_M, Tensor own_M, double weight) {
        Tensor moved_MK = logits_MK
                .sub(logits_MK.detach())
                .mul(own_M.unsqueeze(1))
                .mul(new Scalar(-weight / (temperature * drawTemperature)));
        Tensor shift_ME = torch.zeros_like(ofHeads_ME.get(0));
        for (int k = 0; k < ofHeads_ME.size(); k++) {
            shift_ME = shift_ME.add(ofHeads_ME.get(k).mul(moved_MK.narrow(1, k, 1)));
        }
        return new EmbeddingShift(positions_M, shift_ME);
    }
}
