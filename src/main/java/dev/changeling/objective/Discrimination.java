package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.ObjectiveConfig.Correction;
import dev.changeling.config.ObjectiveConfig.Positions;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.Totals.Over;
import dev.changeling.profile.Phase;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The discriminator's part: it judges a corrupted text, and learns. */
final class Discrimination {
    private final ObjectiveConfig config;
    private final CorrectionLoss correction;
    private final ContrastLoss contrast;

    Discrimination(ObjectiveConfig config) {
        this.config = config;
        this.correction = new CorrectionLoss(config.correction(), config.lossEpsilon());
        this.contrast = new ContrastLoss(config.lossEpsilon());
    }

    /**
     * Returns what the discriminator says of a text, and what it learns from that.
     *
     * @param totals what the losses are averaged over
     */
    Judged judge(Electra model, Corrupted text, MaskedBatch batch, Totals totals, Dropout dropout) {
        boolean asked = config.detects() || config.corrects() || config.contrastWeight() > 0;
        if (!asked || batch.place().stage() == Stage.GENERATOR_ALONE) {
            return Judged.NOTHING;
        }
        PackedInput original = text.original();
        Replaced replaced = text.replaced();
        PackedInput read = config.replaces() ? replaced.input() : text.masked().input();
        Tensor hidden_TH = Phase.DISCRIMINATOR.of(() -> model.discriminator().encode(read, replaced.shift(), dropout));
        List<Losses.Term> terms = new ArrayList<>();
        Tensor masked_M = original.amongReal(text.masked().positions_M());

        Tensor scores_T = null;
        if (config.detects()) {
            scores_T = Phase.DISCRIMINATOR.of(() -> model.discriminator().score(hidden_TH));
            double weight = config.rtdWeightAt(batch.place().progress());
            Over over = config.rtdPositions() == Positions.ALL ? Over.TOKENS : Over.MASKED;
            terms.add(new Losses.Term(Loss.RTD, weight, rtdLoss(scores_T, replaced, masked_M, totals), over));
        }
        Tensor corrected_N = null;
        if (config.corrects()) {
            CorrectionLoss.Corrected corrected = correction.of(
                    model,
                    hidden_TH,
                    hasGate() ? scores_T : null,
                    original.tokens_BS().reshape(-1).index_select(0, original.real_T()),
                    torch.ones_like(replaced.labels_T()).sub(replaced.labels_T()),
                    masked_M,
                    totals);
            terms.add(new Losses.Term(Loss.CORRECTION, config.correctionWeight(), corrected.loss(), correction.over()));
            corrected_N = corrected.right_N();
        }
        Batch crop = batch.cropped();
        if (crop != null) {
            PackedInput cropped = PackedInput.of(model.engine(), crop);
            Tensor crop_TH = model.discriminator().encode(cropped, dropout);
            Tensor loss = contrast.of(read.firsts(hidden_TH), cropped.firsts(crop_TH), totals);
            terms.add(new Losses.Term(Loss.CONTRAST, config.contrastWeight(), loss, Over.SEQUENCES));
        }
        return new Judged(new Losses(terms), hidden_TH, scores_T, corrected_N);
    }

    private boolean hasGate() {
        return config.correction() == Correction.ALL_TOKENS || config.correction() == Correction.CORRECTIVE;
    }

    private Tensor rtdLoss(Tensor scores_T, Replaced replaced, Tensor masked_M, Totals totals) {
        if (config.rtdPositions() == Positions.ALL) {
            return new RtdLoss(totals.tokens(), config.lossEpsilon()).of(scores_T, replaced.labels_T());
        }
        return new RtdLoss(totals.masked(), config.lossEpsilon())
                .of(scores_T.index_select(0, masked_M), replaced.labels_T().index_select(0, masked_M));
    }
}
