package dev.changeling.model;

import dev.changeling.tensor.Engine;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** What a forward pass drops at random (Srivastava et al., JMLR 2014); survivors are scaled up. */
public final class Dropout {
    /** Nothing is dropped: evaluation and use. */
    public static final Dropout NONE = new Dropout(0, 0, null);

    private final double hidden;
    private final double attention;
    private final @Nullable GeneratorOptional random;

    private Dropout(double hidden, double attention, @Nullable GeneratorOptional random) {
        this.hidden = hidden;
        this.attention = attention;
        this.random = random;
    }

    /**
     * Returns a dropout for one forward pass, whose choices are a function of the seed alone. Lives until the enclosing
     * native scope ends.
     *
     * @param hidden probability that a hidden unit is dropped
     * @param attention probability that an attention weight is dropped
     */
    public static Dropout seeded(Engine engine, double hidden, double attention, long seed) {
        return hidden == 0 && attention == 0 ? NONE : new Dropout(hidden, attention, engine.randomNumbers(seed));
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
        if (probability == 0 || random == null) {
            return x;
        }
        Tensor kept = torch.empty_like(x).bernoulli_(1 - probability, random);
        return x.mul(kept.mul_(new Scalar(1 / (1 - probability))));
    }
}
