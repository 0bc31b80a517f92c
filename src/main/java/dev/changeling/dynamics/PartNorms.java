package dev.changeling.dynamics;

import dev.changeling.model.NetworkPart;
import dev.changeling.model.ParameterStore;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Euclidean norms of a vector by part of the networks: {@code generator}, {@code discriminator} and {@code shared}, and
 * of each of these its {@code embeddings}, {@code layer.0} and so on, and {@code head}, as in
 * {@code discriminator.layer.0}.
 */
final class PartNorms {
    private PartNorms() {}

    /**
     * Returns the norm of each part.
     *
     * @param flat laid out as the parameters are
     */
    static Map<String, Double> of(ParameterStore parameters, Tensor flat) {
        List<String> names = new ArrayList<>();
        TensorVector norms = new TensorVector();
        parameters.partsIn(flat).forEach((name, part) -> {
            names.add(name);
            norms.push_back(part.tensor().norm());
        });
        float[] onHost = HostCopy.toFloats(torch.stack(norms)); // all at once: each copy waits for a GPU
        Map<String, Double> byPart = new LinkedHashMap<>();
        for (int i = 0; i < onHost.length; i++) {
            double square = (double) onHost[i] * onHost[i];
            NetworkPart part = NetworkPart.of(names.get(i));
            byPart.merge(part.network(), square, Double::sum);
            byPart.merge(part.label(), square, Double::sum);
        }
        byPart.replaceAll((part, squares) -> Math.sqrt(squares));
        return byPart;
    }

    /** Returns the ratio of two vectors' norms, by part; parts of which the second is 0 are left out. */
    static Map<String, Double> ratios(Map<String, Double> norms, Map<String, Double> toThese) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        toThese.forEach((part, norm) -> {
            if (norm > 0) {
                ratios.put(part, norms.getOrDefault(part, 0.0) / norm);
            }
        });
        return ratios;
    }
}
