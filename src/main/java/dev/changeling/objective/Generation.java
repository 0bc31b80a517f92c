package dev.changeling.objective;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.SamplingConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.EmbeddingShift;
import dev.changeling.model.Generator;
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
     * @param mixture where it has several heads, what those below the last predicted, else null
     */
    record Generated(
            Tensor hidden_MH,
            Tensor hidden_ME,
            Predicted predicted,
            @Nullable Mixture mixture) {}

    /**
     * What several heads made of a masked text.
     *
     * @param innerSurprisal as {@link Predicted#surprisal()}, of the heads below the last, added up
     * @param shift of the samples' embeddings, 0, through which the discriminator's gradient reaches the mixture; null
     *     if it does not
     */
    record Mixture(Tensor innerSurprisal, @Nullable EmbeddingShift shift) {}

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
            return model.generator().heads().size() == 1
                    ? generateNow(model, masked, batch, learns ? dropout : Dropout.NONE)
                    : mixNow(model, masked, batch, learns ? dropout : Dropout.NONE);
        } finally {
            GradMode.set_enabled(hadGradients);
        }
    }

    private boolean learns(MaskedBatch batch) {
        return (config.mlmWeight() > 0 || config.adversarialWeight() > 0 || config.mixtureWeight() > 0)
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
        return new Generated(hidden_MH, hidden_ME, predicted, null);
    }

    private Generated mixNow(Electra model, Masked masked, MaskedBatch batch, Dropout dropout) {
        Engine engine = model.engine();
        Generator generator = model.generator();
        Tensor uniform_M = HostCopy.toDevice(engine, batch.uniform(), batch.uniform().length);
        List<Tensor> hidden_MH =
                Phase.GENERATOR.of(() -> generator.encodeForHeads(masked.input(), masked.positions_M(), dropout));
        List<Tensor> hidden_ME = new ArrayList<>();
        for (int k = 0; k < hidden_MH.size(); k++) {
            hidden_ME.add(generator.heads().get(k).represent(hidden_MH.get(k)).to(torch.ScalarType.Float));
        }
        Tensor logits_MK = generator.mixtureLogits(hidden_MH);
        SamplingConfig sampling = config.sampling();
        double temperature = sampling.temperatureAt(batch.place().progress());
        MixtureSensitivity sensitivity = config.mixtureWeight() > 0 && logits_MK.requires_grad()
                ? new MixtureSensitivity(model, batch.noise(), sampling.mixtureTemperature())
                : null;
        MixedPrediction.Mixed mixed =
                Phase.PREDICTION.of(() -> new MixedPrediction(sampling.disallowCorrect(), temperature)
                        .of(model, hidden_ME, logits_MK, masked.originals_M(), uniform_M, sensitivity));
        EmbeddingShift shift = sensitivity == null
                ? null
                : sensitivity.shift(
                        logits_MK,
                        temperature,
                        masked.positions_M(),
                        NoiseSampler.own(engine, batch.drawn()),
                        config.mixtureWeight());
        int last = hidden_MH.size() - 1;
        return new Generated(
                hidden_MH.get(last),
                hidden_ME.get(last),
                mixed.predicted(),
                new Mixture(mixed.innerSurprisal(), shift));
    }

    /** Returns the way on which the discriminator's gradient reaches a mixture of heads, or null if it is not to. */
    static @Nullable EmbeddingShift shift(@Nullable Generated generated) {
        return generated == null || generated.mixture() == null
                ? null
                : generated.mixture().shift();
    }

    /** Returns what the generator learns from: how likely it took the originals for, and how it was judged. */
    Losses losses(
            Electra model,
            @Nullable Generated generated,
            Corrupted text,
            Judged judged,
            MaskedBatch batch,
            Totals totals) {
        List<Losses.Term> terms = new ArrayList<>();
        if (generated != null) {
            MlmLoss mlm = new MlmLoss(totals.masked(), config.lossEpsilon());
            double mlmWeight = learns(batch) ? config.mlmWeight() : 0;
            terms.add(new Losses.Term(Loss.MLM, mlmWeight, mlm.of(generated.predicted()), Over.MASKED));
            if (generated.mixture() != null) {
                Tensor inner = mlm.of(generated.mixture().innerSurprisal());
                terms.add(new Losses.Term(Loss.INNER_MLM, mlmWeight, inner, Over.MASKED));
            }
            if (config.adversarialWeight() > 0 && judged.scores_T() != null) {
                AdversarialLoss adversarial =
                        AdversarialLoss.of(model, generated, text, judged.scores_T(), batch.drawn());
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
