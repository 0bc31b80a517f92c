package dev.changeling.objective;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.objective.Totals.Over;
import dev.changeling.profile.Phase;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** The generator's part: it predicts the masked tokens, writes others in their place, and learns. */
final class Generation {
    private final ObjectiveConfig config;
    private final Prediction prediction;

    Generation(ObjectiveConfig config) {
        this.config = config;
        this.prediction = new Prediction(config.sampling().disallowCorrect());
    }

    /**
     * What the generator made of a masked text.
     *
     * @param hidden_MH its hidden states at the masked positions
     * @param hidden_ME what its output layer read there
     * @param predicted what it predicted
     */
    record Generated(Tensor hidden_MH, Tensor hidden_ME, Predicted predicted) {}

    /** Returns what the generator makes of a masked text, or null if the objective has no use for it. */
    @Nullable
    Generated generate(Electra model, Masked masked, MaskedBatch batch, Dropout dropout) {
        if (!config.generates()) {
            return null;
        }
        boolean learns = learns(batch);
        boolean hadGradients = GradMode.is_enabled();
        GradMode.set_enabled(hadGradients && learns);
        try {
            return generateNow(model, masked, batch, learns ? dropout : Dropout.NONE);
        } finally {
            GradMode.set_enabled(hadGradients);
        }
    }

    private boolean learns(MaskedBatch batch) {
        return (config.mlmWeight() > 0 || config.adversarialWeight() > 0)
                && batch.place().stage() != Stage.GENERATOR_FROZEN;
    }

    private Generated generateNow(Electra model, Masked masked, MaskedBatch batch, Dropout dropout) {
        Engine engine = model.engine();
        Sampler sampler =
                new Sampler(config.sampling().temperatureAt(batch.place().progress()));
        Tensor uniform_M = HostCopy.toDevice(engine, batch.uniform(), batch.uniform().length);
        Tensor hidden_MH =
                Phase.GENERATOR.of(() -> model.generator().encode(masked.input(), masked.positions_M(), dropout));
        Tensor hidden_ME = Phase.GENERATOR.of(
                () -> model.generator().head().represent(hidden_MH).to(torch.ScalarType.Float));
        Predicted predicted =
                Phase.PREDICTION.of(() -> prediction.of(model, hidden_ME, masked.originals_M(), uniform_M, sampler));
        return new Generated(hidden_MH, hidden_ME, predicted);
    }

    /** Returns what the generator learns from: how likely it took the originals for, and how it was judged. */
    Losses losses(
            Electra model,
            @Nullable Generated generated,
            Tensor samples_M,
            Judged judged,
            Replaced replaced,
            Masked masked,
            MaskedBatch batch,
            Totals totals) {
        List<Losses.Term> terms = new ArrayList<>();
        if (generated != null) {
            Tensor mlm = new MlmLoss(totals.masked(), config.lossEpsilon()).of(generated.predicted());
            terms.add(new Losses.Term(Loss.MLM, learns(batch) ? config.mlmWeight() : 0, mlm, Over.MASKED));
            if (config.adversarialWeight() > 0 && judged.scores_T() != null) {
                AdversarialLoss adversarial = AdversarialLoss.of(
                        model, generated, samples_M, judged.scores_T(), replaced, masked, batch.drawn());
                double weight = learns(batch) ? config.adversarialWeight() : 0;
                double positions = totals.masked() + config.lossEpsilon();
                terms.add(new Losses.Term(Loss.ADVERSARIAL, weight, adversarial.ofGenerator(positions), Over.MASKED));
                terms.add(new Losses.Term(
                        Loss.BASELINE, learns(batch) ? 1 : 0, adversarial.ofBaseline(positions), Over.MASKED));
            }
        }
        return new Losses(terms);
    }
}
