package dev.changeling.objective;

import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.profile.Phase;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Has the generator predict the masked tokens, and draws from its predictions.
 *
 * <p>The logits over the vocabulary would be the largest tensor of a step, several times over: themselves, their
 * softmax, its running sum, their gradient. So all that needs them is done for one block of positions at a time, the
 * gradient included, in two buffers that every block uses again.
 */
public final class Prediction {
    /** The most positions in a block: enough for fast products, few enough for what a block holds to stay small. */
    public static final int BLOCK = 160;

    private final Sampler sampler;

    public Prediction(Sampler sampler) {
        this.sampler = sampler;
    }

    /**
     * Returns what the model's generator predicts. Run its backward pass before the next prediction of the same model:
     * they share the buffer of a gradient.
     *
     * @param uniform_M a number in [0, 1) for each masked position
     */
    public Predicted of(Electra model, Masked masked, Tensor uniform_M, Dropout dropout) {
        Tensor hidden_ME = Phase.GENERATOR.of(() -> model.generator()
                .represent(masked.input(), masked.positions_M(), dropout)
                .to(torch.ScalarType.Float));
        return Phase.PREDICTION.of(() -> inBlocks(model, masked, hidden_ME, uniform_M));
    }

    private Predicted inBlocks(Electra model, Masked masked, Tensor hidden_ME, Tensor uniform_M) {
        @Nullable OutputGradient gradient = hidden_ME.requires_grad() ? new OutputGradient(model, hidden_ME) : null;
        long positions = hidden_ME.size(0);
        Tensor surprisal_M = torch.zeros_like(uniform_M);
        Tensor entropy_M = torch.zeros_like(uniform_M);
        Tensor samples_M = torch.zeros_like(masked.originals_M());
        Tensor right_M = torch.zeros_like(uniform_M).to(torch.ScalarType.Bool);
        try (NoGradGuard noGrad = new NoGradGuard()) {
            // Blocks of one size: a last one of a few positions would read the whole word table for little.
            long blocks = (positions + BLOCK - 1) / BLOCK;
            for (long block = 0; block < blocks; block++) {
                long first = block * positions / blocks;
                long rows = (block + 1) * positions / blocks - first;
                try (PointerScope scope = new PointerScope()) {
                    PredictedBlock predicted = new PredictedBlock(
                            model,
                            BLOCK,
                            hidden_ME.narrow(0, first, rows),
                            masked.originals_M().narrow(0, first, rows));
                    surprisal_M.narrow(0, first, rows).copy_(predicted.surprisal_R());
                    entropy_M.narrow(0, first, rows).copy_(predicted.entropy_R());
                    right_M.narrow(0, first, rows).copy_(predicted.right_R());
                    samples_M
                            .narrow(0, first, rows)
                            .copy_(sampler.sample(predicted.likelihoods_RV(), uniform_M.narrow(0, first, rows)));
                    if (gradient != null) {
                        gradient.add(first, predicted.intoGradient());
                    }
                }
            }
        }
        Tensor surprisal = surprisal_M.sum();
        return new Predicted(
                gradient == null ? surprisal : gradient.attachTo(surprisal), samples_M, entropy_M, right_M);
    }
}
