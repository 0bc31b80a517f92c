package dev.changeling.objective;

import dev.changeling.batch.Batch;
import dev.changeling.config.ObjectiveConfig;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Head;
import dev.changeling.model.PackedInput;
import dev.changeling.objective.Generation.Generated;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
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
    private final RandomChoices choices;
    private final NoiseSampler noise;
    private final Generation generator;
    private final Replacement replacement = new Replacement();
    private final Discrimination discriminator;

    /**
     * Makes the objective of a run.
     *
     * @param tokens what there is to know of the vocabulary
     * @param steps of the run, over which some settings change; 0 for as they are at its end
     */
    public JointObjective(ObjectiveConfig config, TokenTable tokens, long steps) {
        noise = new NoiseSampler(config.sampling(), tokens);
        choices = new RandomChoices(config, tokens, noise, steps);
        generator = new Generation(config);
        discriminator = new Discrimination(config);
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
        return choices.of(batch, seed, step, firstRow);
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
        Corrupted text = new Corrupted(original, masked, samples_M, replaced);
        Judged judged = discriminator.judge(model, text, batch, totals, dropout);
        return joint(model, generated, text, judged, batch, totals);
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
        Corrupted text = write(original, masked, samples(model.engine(), generated, batch));
        return joint(model, generated, text, Judged.NOTHING, batch, totals);
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
        Corrupted text = write(original, masked, HostCopy.toDevice(model.engine(), samples, samples.length));
        Judged judged = discriminator.judge(model, text, batch, totals, dropout);
        return joint(model, null, text, judged, batch, totals);
    }

    private Corrupted write(PackedInput original, Masked masked, Tensor samples_M) {
        return new Corrupted(original, masked, samples_M, replacement.apply(original, masked, samples_M));
    }

    private JointStep joint(
            Electra model,
            @Nullable Generated generated,
            Corrupted text,
            Judged judged,
            MaskedBatch batch,
            Totals totals) {
        Losses losses =
                generator.losses(model, generated, text, judged, batch, totals).and(judged.losses());
        Predicted predicted = generated == null ? null : generated.predicted();
        return new JointStep(losses, text.masked(), predicted, text.samples_M(), text.replaced(), judged);
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
