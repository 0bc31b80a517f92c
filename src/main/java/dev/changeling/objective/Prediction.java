package dev.changeling.objective;

import dev.changeling.model.Electra;
import dev.changeling.model.MaskedTokenHead;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Has the generator predict the masked tokens, and draws from its predictions, a block of positions at a time
 * ({@link VocabularyBlocks}).
 *
 * @param disallowCorrect whether the original tokens are never drawn
 */
public record Prediction(boolean disallowCorrect) {

    /**
     * Returns what the model's generator predicts. Run its backward pass before the next prediction of the same model:
     * they share the buffer of a gradient.
     *
     * @param hidden_ME what its output layer reads
     * @param originals_M the tokens that stood there
     * @param uniform_M a number in [0, 1) for each masked position
     */
    public Predicted of(Electra model, Tensor hidden_ME, Tensor originals_M, Tensor uniform_M, Sampler sampler) {
        MaskedTokenHead head = model.generator().head();
        @Nullable
        OutputGradient gradient =
                hidden_ME.requires_grad() ? new OutputGradient(model, head, "prediction", hidden_ME) : null;
        Tensor surprisal_M = torch.zeros_like(uniform_M);
        Tensor entropy_M = torch.zeros_like(uniform_M);
        Tensor samples_M = torch.zeros_like(originals_M);
        Tensor right_M = torch.zeros_like(uniform_M).to(torch.ScalarType.Bool);
        VocabularyBlocks.of(model, head, hidden_ME, originals_M, (block, first, rows) -> {
            surprisal_M.narrow(0, first, rows).copy_(block.surprisal_R());
            entropy_M.narrow(0, first, rows).copy_(block.entropy_R());
            right_M.narrow(0, first, rows).copy_(block.right_R());
            samples_M.narrow(0, first, rows).copy_(draw(block, uniform_M.narrow(0, first, rows), sampler));
            if (gradient != null) {
                gradient.add(first, block.intoGradient());
            }
        });
        Tensor surprisal = surprisal_M.sum();
        return new Predicted(
                gradient == null ? surprisal : gradient.attachTo(surprisal), samples_M, entropy_M, right_M, null);
    }

    private Tensor draw(PredictedBlock block, Tensor uniform_R, Sampler sampler) {
        return disallowCorrect
                ? block.withoutTargets(likelihoods_RV -> sampler.sample(likelihoods_RV, uniform_R))
                : sampler.sample(block.likelihoods_RV(), uniform_R);
    }
}
