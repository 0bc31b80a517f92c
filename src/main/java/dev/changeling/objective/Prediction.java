package dev.changeling.objective;

import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.OutputLayer;
import dev.changeling.profile.Phase;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.KnownGradient;
import dev.changeling.tensor.Workspace;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Has the generator predict the masked tokens, and draws from its predictions.
 *
 * <p>The logits over the vocabulary would be the largest tensor of a step, several times over: themselves, their
 * softmax, its running sum, their gradient. So all that needs them is done for a block of positions at a time, the
 * gradient included, which for softmax and negative log-likelihood is the probabilities less 1 at the original. Then
 * the block's place is used for the next.
 */
public final class Prediction {
    /**
     * Positions in a block: enough for fast products, few enough that a block of a small vocabulary stays in the cache.
     */
    public static final int BLOCK = 128;

    private final Sampler sampler;

    public Prediction(Sampler sampler) {
        this.sampler = sampler;
    }

    /**
     * Returns what the model's generator predicts.
     *
     * @param uniform_M a number in [0, 1) for each masked position
     */
    public Predicted of(Electra model, Masked masked, Tensor uniform_M, Dropout dropout) {
        OutputLayer output = model.generator().output();
        Tensor hidden_ME = Phase.GENERATOR.of(() -> model.generator()
                .represent(masked.input(), masked.positions_M(), dropout)
                .to(torch.ScalarType.Float));
        Sweep sweep = new Sweep(model, hidden_ME, masked.originals_M(), uniform_M);
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Phase.PREDICTION.run(sweep::run);
        }
        Tensor surprisal = sweep.surprisal_M.sum();
        if (sweep.learns) {
            surprisal = KnownGradient.attach(surprisal, hidden_ME, sweep.hiddenGradient_ME);
            surprisal = KnownGradient.attach(surprisal, output.weight_VE(), sweep.weightGradient_VE);
            surprisal = KnownGradient.attach(surprisal, output.bias_V(), sweep.biasGradient_V);
        }
        return new Predicted(surprisal, sweep.samples_M, sweep.entropy_M, sweep.right_M);
    }

    /** One pass over all blocks. R is the number of positions in a block. */
    private final class Sweep {
        private final Engine engine;
        private final Tensor hidden_ME;
        private final Tensor originals_M;
        private final Tensor uniform_M;
        private final Tensor weight_VE;
        private final Tensor bias_V;
        private final boolean learns;

        private final Tensor blockOfLogits;
        private final Tensor blockOfCentred;
        private final Tensor hiddenGradient_ME;
        private final Tensor weightGradient_VE;
        private final Tensor biasGradient_V;

        private final Tensor surprisal_M;
        private final Tensor samples_M;
        private final Tensor entropy_M;
        private final Tensor right_M;

        Sweep(Electra model, Tensor hidden_ME, Tensor originals_M, Tensor uniform_M) {
            this.engine = model.engine();
            this.hidden_ME = hidden_ME.detach();
            this.originals_M = originals_M;
            this.uniform_M = uniform_M;
            this.weight_VE = model.generator().output().weight_VE().detach();
            this.bias_V = model.generator().output().bias_V().detach();
            this.learns = hidden_ME.requires_grad();

            long positions = hidden_ME.size(0);
            long vocabulary = weight_VE.size(0);
            Workspace workspace = model.workspace();
            blockOfLogits = workspace.floats("logits", BLOCK, vocabulary);
            blockOfCentred = workspace.floats("centred logits", BLOCK, vocabulary);
            hiddenGradient_ME = torch.zeros_like(hidden_ME);
            weightGradient_VE = workspace.floats("gradient of the output weights", vocabulary, hidden_ME.size(1));
            biasGradient_V = torch.zeros_like(bias_V);
            TensorOptions floats = engine.floats();
            surprisal_M = torch.zeros(new long[] {positions}, floats);
            entropy_M = torch.zeros(new long[] {positions}, floats);
            samples_M = torch.zeros_like(originals_M);
            right_M = torch.zeros_like(originals_M).to(torch.ScalarType.Bool);
        }

        void run() {
            weightGradient_VE.zero_();
            for (long first = 0; first < hidden_ME.size(0); first += BLOCK) {
                try (PointerScope block = new PointerScope()) {
                    block(first, Math.min(BLOCK, hidden_ME.size(0) - first));
                }
            }
        }

        private void block(long first, long rows) {
            Tensor hidden_RE = hidden_ME.narrow(0, first, rows);
            Tensor originals_R1 = originals_M.narrow(0, first, rows).unsqueeze(1);
            Tensor logits_RV = blockOfLogits.narrow(0, 0, rows);
            Tensor centred_RV = blockOfCentred.narrow(0, 0, rows);

            logits_RV.copy_(bias_V.expand(logits_RV.shape()));
            engine.addProduct(logits_RV, hidden_RE, weight_VE.t());
            torch.sub_out(centred_RV, logits_RV, logits_RV.amax(new long[] {1}, true));
            Tensor exponentials_RV = torch.exp_out(logits_RV, centred_RV);

            Tensor sum_R1 = exponentials_RV.sum(new long[] {1}, true, new ScalarTypeOptional());
            Tensor logSum_R1 = sum_R1.log();
            Tensor original_R1 = centred_RV.gather(1, originals_R1);
            put(surprisal_M, first, logSum_R1.sub(original_R1));
            put(right_M, first, original_R1.ge(new Scalar(0)));
            put(
                    samples_M,
                    first,
                    sampler.draw(sampler.weights(centred_RV, exponentials_RV), uniform_M.narrow(0, first, rows)));
            Tensor mean_R1 = centred_RV
                    .mul_(exponentials_RV)
                    .sum(new long[] {1}, true, new ScalarTypeOptional())
                    .div_(sum_R1);
            put(entropy_M, first, logSum_R1.sub(mean_R1));
            if (learns) {
                Tensor gradient_RV = exponentials_RV.mul_(sum_R1.reciprocal());
                gradient_RV.scatter_add_(
                        1, originals_R1, torch.ones_like(original_R1).neg_());
                engine.addProduct(hiddenGradient_ME.narrow(0, first, rows), gradient_RV, weight_VE);
                engine.addProduct(weightGradient_VE, gradient_RV.t(), hidden_RE);
                biasGradient_V.add_(gradient_RV.sum(new long[] {0}, false, new ScalarTypeOptional()));
            }
        }

        private void put(Tensor into_M, long first, Tensor values) {
            into_M.narrow(0, first, values.size(0)).copy_(values.reshape(-1));
        }
    }
}
