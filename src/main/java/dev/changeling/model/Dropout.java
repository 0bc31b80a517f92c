package dev.changeling.model;

import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import dev.changeling.tensor.DropoutMask;
import dev.changeling.tensor.Engine;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** What a forward pass drops at random (Srivastava et al., JMLR 2014); survivors are scaled up. */
public final class Dropout {
    /** Nothing is dropped: evaluation and use. */
    public static final Dropout NONE = new Dropout(0, 0, null);

    private final double hidden;
    private final double attention;
    private final @Nullable Source source;

    private record Source(Engine engine, RandomStream random) {}

    private Dropout(double hidden, double attention, @Nullable Source source) {
        this.hidden = hidden;
        this.attention = attention;
        this.source = source;
    }

    /**
     * Returns a dropout for one forward pass, whose choices are a function of the seed alone.
     *
     * @param hidden probability that a hidden unit is dropped
     * @param attention probability that an attention weight is dropped
     */
    public static Dropout seeded(Engine engine, double hidden, double attention, long seed) {
        return hidden == 0 && attention == 0
                ? NONE
                : new Dropout(hidden, attention, new Source(engine, RandomStream.of(seed, Purpose.DROPOUT)));
    }

    Tensor ofHidden(Tensor x) {
        return apply(hiddenMask(), x);
    }

    /** Returns the factors of the next hidden units, or null if none is dropped. */
    @Nullable
    DropoutMask hiddenMask() {
        return mask(hidden);
    }

    /** Returns the factors of the next attention weights, or null if none is dropped. */
    @Nullable
    DropoutMask attentionMask() {
        return mask(attention);
    }

    /** Returns whether attention weights are dropped. */
    boolean dropsAttention() {
        return attention > 0;
    }

    private @Nullable DropoutMask mask(double probability) {
        return probability == 0 || source == null
                ? null
                : new DropoutMask(source.engine(), source.random().nextLong(), probability);
    }

    static Tensor apply(@Nullable DropoutMask mask, Tensor x) {
        // Autocast would make a wider product of two types.
        return mask == null ? x : x.mul(mask.of(x.shape()).to(x.scalar_type()));
    }
}
