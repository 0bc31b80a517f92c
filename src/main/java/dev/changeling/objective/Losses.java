package dev.changeling.objective;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * The losses of a step, each with its weight: {@code L = Σ weight · loss}.
 *
 * @param terms at most one of each loss
 */
public record Losses(List<Term> terms) {

    /**
     * One of them.
     *
     * @param loss which
     * @param weight what it is multiplied by; 0 for one that is only looked at
     * @param value a scalar, this batch's share
     * @param over what it is averaged over
     */
    public record Term(Loss loss, double weight, Tensor value, Totals.Over over) {
        Tensor weighted() {
            return value.mul(new Scalar(weight));
        }
    }

    public Losses {
        terms = List.copyOf(terms);
    }

    /** Returns these losses and those. */
    Losses and(Losses others) {
        List<Term> all = new ArrayList<>(terms);
        all.addAll(others.terms);
        return new Losses(all);
    }

    /** Returns the value of one, a scalar, if it is among them. */
    public Optional<Tensor> value(Loss loss) {
        return terms.stream()
                .filter(term -> term.loss() == loss)
                .map(Term::value)
                .findFirst();
    }

    /** Returns the weighted sum of all, a scalar. */
    public Optional<Tensor> sum() {
        return sum(term -> true);
    }

    /** Returns the weighted sum of the generator's, if it has any. */
    public Optional<Tensor> ofGenerator() {
        return sum(term -> !term.loss().isOfDiscriminator());
    }

    /** Returns the weighted sum of the discriminator's, if it has any. */
    public Optional<Tensor> ofDiscriminator() {
        return sum(term -> term.loss().isOfDiscriminator());
    }

    private Optional<Tensor> sum(Predicate<Term> which) {
        return terms.stream()
                .filter(which)
                .filter(term -> term.weight() > 0)
                .map(Term::weighted)
                .reduce(Tensor::add);
    }
}
