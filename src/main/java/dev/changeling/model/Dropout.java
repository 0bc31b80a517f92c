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
        return drop(x, hidden);
    }

    Tensor ofAttention(Tensor weights) {
        return drop(weights, attention);
    }

    boolean dropsAttention() {
        return attention > 0;
    }

    private Tensor drop(Tensor x, double probability) {
        if (probability == 0 || source == null) {
            return x;
        }
        Tensor mask = DropoutMask.draw(source.engine(), source.random(), probability, x.shape());
        return x.mul(mask.to(x.scalar_type())); // autocast would make a wider product of two types
    }
}
