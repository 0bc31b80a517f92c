package dev.changeling.evaluation;

import dev.changeling.batch.Batch;
import dev.changeling.evaluation.Predictions.LossSum;
import dev.changeling.objective.Loss;
import dev.changeling.objective.MaskedPositions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the predictions of both networks over any number of device batches: of all tokens, of those of each frequency
 * band (of the original), and of those of each quarter of the rows. Not safe for use by several threads.
 */
public final class PretrainingScores {
    private static final int QUARTERS = 4;

    private final FrequencyBands bands;
    private final Map<Loss, LossSum> losses = new EnumMap<>(Loss.class);
    private long corrected;
    private long correctedRight;
    private long tokens;
    private double[] headParts = {};
    private long mixed;
    private float[] states_NH = {};
    private int width;
    private final TokenScores all = new TokenScores();
    private final List<TokenScores> byBand = several(FrequencyBands.NAMES.size());
    private final List<TokenScores> byQuarter = several(QUARTERS);

    /** @param bands of the vocabulary's tokens */
    public PretrainingScores(FrequencyBands bands) {
        this.bands = bands;
    }

    private static List<TokenScores> several(int count) {
        List<TokenScores> scores = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            scores.add(new TokenScores());
        }
        return scores;
    }

    /** Adds what was predicted in one pass. */
    public void add(Predictions pass) {
        for (LossSum loss : pass.losses()) {
            losses.merge(loss.loss(), loss, PretrainingScores::sum);
        }
        corrected += pass.correctedRight_N().length;
        for (int right : pass.correctedRight_N()) {
            correctedRight += right;
        }
        addGenerator(pass);
        addStates(pass);
        addHeads(pass.parts_MK(), pass.batch().masked().count());
        addDiscriminator(pass);
    }

    private void addStates(Predictions pass) {
        if (pass.width() > 0) {
            int before = states_NH.length;
            states_NH = Arrays.copyOf(states_NH, before + pass.states_NH().length);
            System.arraycopy(pass.states_NH(), 0, states_NH, before, pass.states_NH().length);
            width = pass.width();
        }
    }

    private void addHeads(float[] parts_MK, int positions) {
        if (parts_MK.length > 0) {
            headParts = Arrays.copyOf(headParts, parts_MK.length / positions);
            for (int i = 0; i < parts_MK.length; i++) {
                headParts[i % headParts.length] += parts_MK[i];
            }
            mixed += positions;
        }
    }

    private static boolean[] asked(Predictions pass) {
        boolean[] asked = new boolean[pass.batch().batch().tokens().length];
        Arrays.fill(asked, !pass.onlyMasked());
        for (int position : pass.batch().masked().positions()) {
            asked[position] = true;
        }
        return asked;
    }

    private static LossSum sum(LossSum one, LossSum other) {
        return new LossSum(one.loss(), other.weight(), one.sum() + other.sum(), one.count() + other.count());
    }

    private void addGenerator(Predictions pass) {
        Batch batch = pass.batch().batch();
        MaskedPositions masked = pass.batch().masked();
        boolean asked = pass.entropies_M().length == masked.count();
        for (int i = 0; i < masked.count(); i++) {
            double entropy = asked ? pass.entropies_M()[i] : Double.NaN;
            boolean guessed = asked && pass.guessedRight_M()[i] != 0;
            boolean right = pass.samples_M()[i] == masked.originals()[i];
            for (TokenScores scores : of(masked.originals()[i], masked.positions()[i], batch.length())) {
                scores.addMasked(entropy, guessed);
                if (pass.batch().isGenerators(i)) {
                    scores.addSample(right);
                }
            }
        }
    }

    private void addDiscriminator(Predictions pass) {
        Batch batch = pass.batch().batch();
        tokens += batch.realTokens();
        boolean[] asked = asked(pass);
        int token = 0;
        for (int position = 0; position < batch.tokens().length; position++) {
            if (token < pass.scores_T().length && batch.sequences()[position] != 0) {
                float logit = pass.scores_T()[token];
                boolean replaced = pass.labels_T()[token] > 0.5f;
                for (TokenScores scores : of(batch.tokens()[position], position, batch.length())) {
                    if (asked[position]) {
                        scores.addToken(logit, replaced);
                    }
                }
                token++;
            }
        }
    }

    /** Returns where a token is counted. */
    private List<TokenScores> of(int original, int position, int rowLength) {
        TokenScores quarter = byQuarter.get(position % rowLength * QUARTERS / rowLength);
        int band = bands.of(original);
        return band == FrequencyBands.NONE ? List.of(all, quarter) : List.of(all, byBand.get(band), quarter);
    }

    /** Returns the scores so far. */
    public PretrainingReport report() {
        TokenReport counted = all.report();
        return new PretrainingReport(
                losses(),
                corrected == 0 ? Double.NaN : correctedRight / (double) corrected,
                counted.mlmAccuracy(),
                counted.sampledAccuracy(),
                counted.generatorEntropy(),
                Arrays.stream(headParts).mapToObj(sum -> sum / mixed).toList(),
                Representation.of(states_NH, width),
                or(0, counted.replacedFraction()),
                or(0, counted.rtdMajorityLoss()),
                or(0, counted.rtdAccuracy()),
                or(0, counted.rtdPrecision()),
                or(0, counted.rtdRecall()),
                or(0, counted.rtdFalseAlarmRate()),
                or(0.5, counted.rtdAuc()),
                or(0, counted.rtdCalibrationError()),
                parts(),
                counted.masked(),
                tokens);
    }

    private List<PretrainingReport.MeanLoss> losses() {
        return losses.values().stream()
                .map(loss -> new PretrainingReport.MeanLoss(
                        loss.loss(), loss.weight(), loss.sum() / Math.max(1, loss.count())))
                .toList();
    }

    private static double or(double otherwise, double score) {
        return Double.isNaN(score) ? otherwise : score;
    }

    private Map<String, TokenReport> parts() {
        Map<String, TokenReport> parts = new LinkedHashMap<>();
        for (int band = 0; band < byBand.size(); band++) {
            parts.put(FrequencyBands.NAMES.get(band), byBand.get(band).report());
        }
        for (int quarter = 0; quarter < QUARTERS; quarter++) {
            parts.put("quarter_" + (quarter + 1), byQuarter.get(quarter).report());
        }
        return parts;
    }
}
