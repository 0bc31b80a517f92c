package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Head;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.Generation.Generated;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.TokenTable;
import java.util.EnumSet;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The joint objective of replaced token detection (Clark et al., arXiv 2003.10555, section 3): the generator learns to
 * predict masked tokens by maximum likelihood; its samples replace them; the discriminator learns to tell, for every
 * token, whether it was replaced. One loss, the sum of both; no gradient flows through the samples.
 *
 * <p>The other members of the family have other losses in the sum (docs/objectives.md).
 */
public final class JointObjective {
    private final ObjectiveConfig config;
    private final long steps;
    private final Masking masking;
    private final NoiseSampler noise;
    private final Cropping cropping;
    private final Generation generator;
    private final Replacement replacement = new Replacement();
    private final Discrimination discriminator;

    /**
     * Makes the objective of a run.
     *
     * @param tokens what there is to know of the vocabulary
     * @param steps of the run, over which some settings change
     */
    public JointObjective(ObjectiveConfig config, TokenTable tokens, long steps) {
        this.config = config;
        this.steps = steps;
        masking = new Masking(config.masking(), tokens);
        noise = new NoiseSampler(config.sampling(), tokens);
        cropping = new Cropping(config.cropFraction(), tokens.special().padding());
        generator = new Generation(config);
        discriminator = new Discrimination(config);
    }

    /**
     * Makes the objective as it is at the end of a run, of a vocabulary in which every token is a word.
     *
     * @param tokenCounts how often each token stands in the training text, [V]
     */
    public JointObjective(ObjectiveConfig config, SpecialTokens special, long[] tokenCounts) {
        this(config, TokenTable.ofWords(special, tokenCounts), 0);
    }

    /** Returns what an objective needs to stand on the networks' trunks. */
    public static Set<Head> heads(ObjectiveConfig config) {
        Set<Head> heads = EnumSet.noneOf(Head.class);
        if (config.detects() || !config.corrects()) {
            heads.add(Head.REPLACED_TOKENS);
        }
        if (config.corrects()) {
            heads.add(Head.ORIGINAL_TOKENS);
        }
        if (config.adversarialWeight() > 0) {
            heads.add(Head.REWARD);
        }
        if (config.mixtureWeight() > 0) {
            heads.add(Head.MIXTURE);
        }
        return heads;
    }

    /**
     * Makes the random choices for a device batch.
     *
     * @param seed of the run
     * @param step of training; negative in evaluation
     * @param firstRow place of the batch's first row in the step's total batch
     */
    public MaskedBatch mask(Batch batch, long seed, long step, long firstRow) {
        MaskedBatch.Place place = placeOf(step);
        MaskedPositions masked =
                masking.draw(batch, place.progress(), new RowRandom(seed, Purpose.MASKING, step, firstRow));
        float[] uniform = new float[masked.count()];
        int[] drawn = new int[masked.count()];
        RowRandom sampling = new RowRandom(seed, Purpose.SAMPLING, step, firstRow);
        RowRandom noiseRandom = new RowRandom(seed, Purpose.UNIGRAM, step, firstRow);
        long[] noiseSeeds = new long[config.mixtureWeight() > 0 ? masked.count() : 0];
        RowRandom mixtureRandom = new RowRandom(seed, Purpose.MIXTURE, step, firstRow);
        int row = -1;
        RandomStream forGenerator = sampling.row(0);
        RandomStream forNoise = noiseRandom.row(0);
        RandomStream forMixture = mixtureRandom.row(0);
        for (int i = 0; i < uniform.length; i++) {
            int rowHere = masked.positions()[i] / batch.length();
            if (rowHere != row) {
                row = rowHere;
                forGenerator = sampling.row(row);
                forNoise = noiseRandom.row(row);
                forMixture = mixtureRandom.row(row);
            }
            uniform[i] = forGenerator.nextFloat();
            drawn[i] = noise.draw(forNoise);
            if (noiseSeeds.length > 0) {
                noiseSeeds[i] = forMixture.nextLong();
            }
        }
        Batch cropped = config.contrastWeight() > 0
                ? cropping.of(batch, new RowRandom(seed, Purpose.CROPPING, step, firstRow))
                : null;
        return new MaskedBatch(batch, masked, uniform, drawn, noiseSeeds, cropped, place);
    }

    private MaskedBatch.Place placeOf(long step) {
        return step < 0 || steps == 0
                ? MaskedBatch.Place.END
                : new MaskedBatch.Place(step / (double) steps, Stage.at(config.stages(), step, steps));
    }

    /**
     * Sends a device batch through both networks.
     *
     * @param model the networks
     * @param totals what the losses are averaged over: the step's total batch
     */
    public JointStep step(Electra model, MaskedBatch batch, Totals totals, Dropout dropout) {
        PackedInput original = PackedInput.of(model.engine(), batch.batch());
        Masked masked = hide(model.engine(), original, batch.masked());
        Generated generated = generator.generate(model, masked, batch, dropout);
        Tensor samples_M = samples(model.engine(), generated, batch);
        Replaced replaced = replacement.apply(original, masked, samples_M).with(Generation.shift(generated));
        Judged judged = discriminator.judge(
                model, original, masked, replaced, cropped(model.engine(), batch), batch, totals, dropout);

        Losses losses = generator
                .losses(model, generated, samples_M, judged, replaced, masked, batch, totals)
                .and(judged.losses());
        return new JointStep(losses, masked, predicted(generated), samples_M, replaced, judged);
    }

    /**
     * Sends a device batch through the generator alone.
     *
     * @return a step in which the discriminator was not asked
     */
    public JointStep generate(Electra model, MaskedBatch batch, Totals totals, Dropout dropout) {
        PackedInput original = PackedInput.of(model.engine(), batch.batch());
        Masked masked = hide(model.engine(), original, batch.masked());
        Generated generated = generator.generate(model, masked, batch, dropout);
        Tensor samples_M = samples(model.engine(), generated, batch);
        Replaced replaced = replacement.apply(original, masked, samples_M);
        Losses losses = generator.losses(model, generated, samples_M, Judged.NOTHING, replaced, masked, batch, totals);
        return new JointStep(losses, masked, predicted(generated), samples_M, replaced, Judged.NOTHING);
    }

    /**
     * Sends a device batch through the discriminator alone.
     *
     * @param samples what the generator has written over the masked positions, M of them
     * @return a step in which the generator was not asked
     */
    public JointStep judge(Electra model, MaskedBatch batch, int[] samples, Totals totals, Dropout dropout) {
        PackedInput original = PackedInput.of(model.engine(), batch.batch());
        Masked masked = hide(model.engine(), original, batch.masked());
        Tensor samples_M = HostCopy.toDevice(model.engine(), samples, samples.length);
        Replaced replaced = replacement.apply(original, masked, samples_M);
        Judged judged = discriminator.judge(
                model, original, masked, replaced, cropped(model.engine(), batch), batch, totals, dropout);
        return new JointStep(judged.losses(), masked, null, samples_M, replaced, judged);
    }

    private static @Nullable Predicted predicted(@Nullable Generated generated) {
        return generated == null ? null : generated.predicted();
    }

    private static @Nullable PackedInput cropped(Engine engine, MaskedBatch batch) {
        Batch cropped = batch.cropped();
        return cropped == null ? null : PackedInput.of(engine, cropped);
    }

    private Tensor samples(Engine engine, @Nullable Generated generated, MaskedBatch batch) {
        Tensor drawn_M = HostCopy.toDevice(engine, batch.drawn(), batch.drawn().length);
        return generated == null ? drawn_M : noise.over(generated.predicted().samples_M(), drawn_M);
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
