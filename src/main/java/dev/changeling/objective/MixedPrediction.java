package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Has several heads of the generator predict the masked tokens, and draws from a mixture of their predictions, a block
 * of positions at a time ({@link VocabularyBlocks}); with one head, {@link Prediction} does the same for less.
 *
 * <p>AMOS (Meng et al., arXiv 2204.03243): each head learns by its own likelihood loss, and replacements come from all
 * of them, each as often as a softmax over the heads says, one for each position. Here the probabilities are mixed; the
 * published code (microsoft/AMOS, fairseq/models/amos/model.py) mixes the logits.
 *
 * @param disallowCorrect whether the original tokens are never drawn
 * @param temperature T, at which the mixture is drawn from
 */
record MixedPrediction(boolean disallowCorrect, double temperature) {

    /**
     * What the heads predicted.
     *
     * @param predicted by the last head, which is the one that is kept; the samples are the mixture's
     * @param innerSurprisal as {@link Predicted#surprisal()}, of all other heads, added up
     */
    record Mixed(Predicted predicted, Tensor innerSurprisal) {}

    /**
     * Returns what the model's generator predicts. Run its backward pass before the next prediction of the same model.
     *
     * @param hidden_ME what each head's output layer reads
     * @param logits_MK whose softmax is the part of each head in the mixture
     * @param originals_M the tokens that stood there
     * @param uniform_M a number in [0, 1) for each masked position
     * @param sensitivity gathers how the samples depend on the mixture, if anybody wants to know
     */
    Mixed of(
            Electra model,
            List<Tensor> hidden_ME,
            Tensor logits_MK,
            Tensor originals_M,
            Tensor uniform_M,
            @Nullable MixtureSensitivity sensitivity) {
        List<MaskedTokenHead> heads = model.generator().heads();
        int last = heads.size() - 1;
        List<OutputGradient> gradients = new ArrayList<>();
        List<Tensor> surprisals_M = new ArrayList<>();
        for (int k = 0; k < heads.size(); k++) {
            surprisals_M.add(torch.zeros_like(uniform_M));
            if (hidden_ME.get(k).requires_grad()) {
                gradients.add(new OutputGradient(model, heads.get(k), "prediction " + k, hidden_ME.get(k)));
            }
        }
        Tensor parts_MK = logits_MK.detach().softmax(1);
        Tensor entropy_M = torch.zeros_like(uniform_M);
        Tensor samples_M = torch.zeros_like(originals_M);
        Tensor right_M = torch.zeros_like(uniform_M).to(torch.ScalarType.Bool);
        VocabularyBlocks.ofEach(model, heads, hidden_ME, originals_M, (blocks, first, rows) -> {
            for (int k = 0; k < blocks.size(); k++) {
                surprisals_M.get(k).narrow(0, first, rows).copy_(blocks.get(k).surprisal_R());
            }
            entropy_M.narrow(0, first, rows).copy_(blocks.get(last).entropy_R());
            right_M.narrow(0, first, rows).copy_(blocks.get(last).right_R());

            MixtureBlock mixture = MixtureBlock.of(
                    model, blocks, parts_MK.narrow(0, first, rows), this, originals_M.narrow(0, first, rows));
            Tensor samples_R = new Sampler(1).sample(mixture.draws_RV(), uniform_M.narrow(0, first, rows));
            samples_M.narrow(0, first, rows).copy_(samples_R);
            if (sensitivity != null) {
                sensitivity.add(first, mixture, samples_R);
            }
            for (int k = 0; k < gradients.size(); k++) {
                gradients.get(k).add(first, blocks.get(k).intoGradient());
            }
        });
        List<Tensor> sums = new ArrayList<>();
        for (int k = 0; k < heads.size(); k++) {
            Tensor sum = surprisals_M.get(k).sum();
            sums.add(gradients.isEmpty() ? sum : gradients.get(k).attachTo(sum));
        }
        Tensor inner = sums.subList(0, last).stream().reduce(Tensor::add).orElseThrow();
        return new Mixed(new Predicted(sums.get(last), samples_M, entropy_M, right_M, parts_MK), inner);
    }
}
