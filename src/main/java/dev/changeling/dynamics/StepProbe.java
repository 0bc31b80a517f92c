package dev.changeling.dynamics;

import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Generator;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Measures one step while it is made; for the next one there is another. It reads the weights and their gradients and
 * changes neither. Its memory belongs to the native scope that it is made in.
 *
 * <p>How the gradient divides between the networks' losses is told from two looks at the shared tables' sums, before
 * and after the backward pass of the discriminator's: the sums themselves come about as they do in a step that nobody
 * measures.
 */
public final class StepProbe {
    private static final String WORDS = "electra.embeddings.word_embeddings.";

    private final ParameterStore parameters;
    private final List<List<Tensor>> ofDiscriminatorByReplica = new ArrayList<>();
    private final List<Tensor> ofGenerator = new ArrayList<>();
    private final Map<String, Double> gradientNorms = new LinkedHashMap<>();
    private Map<String, Double> weightNorms = Map.of();
    private Tensor weights = new Tensor();

    /**
     * Begins a step.
     *
     * @param parameters of the model
     * @param replicas how many replicas compute its gradients side by side
     */
    public StepProbe(ParameterStore parameters, int replicas) {
        this.parameters = parameters;
        for (int replica = 0; replica < replicas; replica++) {
            ofDiscriminatorByReplica.add(SharedTables.gradients(parameters).stream()
                    .map(torch::zeros_like)
                    .toList());
        }
    }

    /**
     * The backward pass of the discriminator's losses of a device batch comes next. Safe for use by several threads,
     * each of another replica, as is {@link #afterDiscriminator}.
     *
     * @param replica its number
     * @param ofReplica its parameters, with the gradients so far
     */
    public void beforeDiscriminator(int replica, ParameterStore ofReplica) {
        pairs(ofDiscriminatorByReplica.get(replica), SharedTables.gradients(ofReplica), Tensor::sub_);
    }

    /** It is over, and nothing else has added to the gradients meanwhile. */
    public void afterDiscriminator(int replica, ParameterStore ofReplica) {
        pairs(ofDiscriminatorByReplica.get(replica), SharedTables.gradients(ofReplica), Tensor::add_);
    }

    /** The gradients of the discriminator's losses have been multiplied since, in all that follows. */
    public void weighDiscriminator(double factor) {
        ofDiscriminatorByReplica.forEach(tables -> tables.forEach(table -> table.mul_(new Scalar(factor))));
    }

    /**
     * The gradients of all replicas are added up, and the optimizer comes next: once, or first the generator's and then
     * the discriminator's.
     */
    public void beforeUpdate() {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            List<Tensor> ofDiscriminator = ofDiscriminatorByReplica.get(0);
            ofDiscriminatorByReplica
                    .subList(1, ofDiscriminatorByReplica.size())
                    .forEach(more -> pairs(ofDiscriminator, more, Tensor::add_));
            List<Tensor> ofBoth = SharedTables.gradients(parameters);
            boolean first = weightNorms.isEmpty();
            for (int table = 0; first && table < ofBoth.size(); table++) {
                ofGenerator.add(ofBoth.get(table).sub(ofDiscriminator.get(table)));
            }
            PartNorms.of(parameters, parameters.gradients())
                    .forEach((part, norm) -> gradientNorms.merge(part, norm, Math::hypot));
            if (first) {
                weightNorms = PartNorms.of(parameters, parameters.values());
                weights = parameters.values().clone();
            }
        }
    }

    /**
     * The optimizer has changed the weights. Outside of autocast.
     *
     * @param generatorDeviation what Adam divided the generator's mean gradient by, times any factor; laid out as the
     *     parameters are
     * @param discriminatorDeviation the same of the discriminator's; of one optimizer, the same tensor
     */
    public Dynamics afterUpdate(Tensor generatorDeviation, Tensor discriminatorDeviation) {
        try (NoGradGuard noGrad = new NoGradGuard()) {
            Map<String, Double> change;
            try (PointerScope scope = new PointerScope()) {
                change = PartNorms.of(parameters, weights.sub_(parameters.values()));
            }
            weights.close(); // as large as the networks
            return new Dynamics(
                    gradientNorms,
                    PartNorms.ratios(change, weightNorms),
                    ofGenerator.isEmpty()
                            ? null
                            : TugOfWar.of(
                                    ofGenerator,
                                    ofDiscriminatorByReplica.get(0),
                                    SharedTables.in(parameters, generatorDeviation),
                                    SharedTables.in(parameters, discriminatorDeviation)),
                    Isotropy.of(words().tensor()));
        }
    }

    /** Returns the word table that the discriminator reads. */
    private Parameter.Part words() {
        return parameters.parts().values().stream()
                .filter(part -> !part.name().startsWith(Generator.PREFIX))
                .filter(part -> part.name().contains(WORDS))
                .findFirst()
                .map(part -> EmbeddingTables.whole(parameters, part))
                .orElseThrow(() -> new IllegalStateException("a discriminator without words"));
    }

    private interface InPlace {
        Tensor change(Tensor sum, Tensor other);
    }

    private static void pairs(List<Tensor> sums, List<Tensor> others, InPlace operation) {
        IntStream.range(0, sums.size()).forEach(i -> operation.change(sums.get(i), others.get(i)));
    }
}
