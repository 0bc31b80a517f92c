package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.PackedInput;
import dev.changeling.profile.Phase;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.SpecialTokens;
import org.bytedeco.pytorch.Tensor;

/**
 * The joint objective of replaced token detection (Clark et al., arXiv 2003.10555, section 3): the generator learns to
 * predict masked tokens by maximum likelihood; its samples replace them; the discriminator learns to tell, for every
 * token, whether it was replaced. One loss, one backward pass; no gradient flows through the samples.
 */
public final class JointObjective {
    private final Masking masking;
    private final Prediction prediction;
    private final UnigramSampler unigram;
    private final Replacement replacement = new Replacement();
    private final LossWeights weights;
    private final double epsilon;

    /**
     * Makes the objective.
     *
     * @param tokenCounts how often each token stands in the training text, [V]
     */
    public JointObjective(ObjectiveConfig config, SpecialTokens special, long[] tokenCounts) {
        masking = new Masking(config, special, tokenCounts.length);
        prediction = new Prediction(new Sampler(config.samplingTemperature()));
        unigram = new UnigramSampler(config.unigramFraction(), tokenCounts, special);
        weights = new LossWeights(config.mlmWeight(), config.rtdWeight());
        epsilon = config.lossEpsilon();
    }

    /**
     * Makes the random choices for a device batch.
     *
     * @param seed of the run
     * @param step of training; negative in evaluation
     * @param firstRow place of the batch's first row in the step's total batch
     */
    public MaskedBatch mask(Batch batch, long seed, long step, long firstRow) {
        MaskedPositions masked = masking.draw(batch, new RowRandom(seed, Purpose.MASKING, step, firstRow));
        float[] uniform = new float[masked.count()];
        int[] drawn = new int[masked.count()];
        RowRandom sampling = new RowRandom(seed, Purpose.SAMPLING, step, firstRow);
        RowRandom frequencies = new RowRandom(seed, Purpose.UNIGRAM, step, firstRow);
        int row = -1;
        RandomStream forGenerator = sampling.row(0);
        RandomStream forUnigram = frequencies.row(0);
        for (int i = 0; i < uniform.length; i++) {
            int rowHere = masked.positions()[i] / batch.length();
            if (rowHere != row) {
                row = rowHere;
                forGenerator = sampling.row(row);
                forUnigram = frequencies.row(row);
            }
            uniform[i] = forGenerator.nextFloat();
            drawn[i] = unigram.draw(forUnigram);
        }
        return new MaskedBatch(batch, masked, uniform, drawn);
    }

    /**
     * Sends a device batch through both networks.
     *
     * @param model the networks
     * @param totals what the losses are averaged over: the step's total batch
     */
    public JointStep step(Electra model, MaskedBatch batch, Totals totals, Dropout dropout) {
        Engine engine = model.engine();
        PackedInput original = PackedInput.of(engine, batch.batch());
        Masked masked = hide(engine, original, batch.masked());
        Tensor uniform_M = HostCopy.toDevice(engine, batch.uniform(), batch.uniform().length);
        Tensor drawn_M = HostCopy.toDevice(engine, batch.drawn(), batch.drawn().length);

        Predicted predicted = prediction.of(model, masked, uniform_M, dropout);
        Tensor samples_M = unigram.over(predicted.samples_M(), drawn_M);
        Replaced replaced = replacement.apply(original, masked, samples_M);
        Tensor scores_T = Phase.DISCRIMINATOR.of(() -> model.discriminator().score(replaced.input(), dropout));

        Tensor mlmLoss = new MlmLoss(totals.masked(), epsilon).of(predicted);
        Tensor rtdLoss = new RtdLoss(totals.tokens(), epsilon).of(scores_T, replaced);
        Tensor loss = weights.sum(mlmLoss, rtdLoss);
        return new JointStep(loss, mlmLoss, rtdLoss, masked, predicted, samples_M, replaced, scores_T);
    }

    private static Masked hide(Engine engine, PackedInput original, MaskedPositions masked) {
        Tensor positions_M = HostCopy.toDevice(engine, masked.positions(), masked.count());
        Tensor originals_M = HostCopy.toDevice(engine, masked.originals(), masked.count());
        Tensor written_M = HostCopy.toDevice(engine, masked.written(), masked.count());
        Tensor hidden_BS = original.tokens_BS()
                .reshape(-1)
                .index_copy(0, positions_M, written_M)
                .view(original.tokens_BS().shape());
        return new Masked(original.withTokens(hidden_BS), positions_M, originals_M);
    }
}
