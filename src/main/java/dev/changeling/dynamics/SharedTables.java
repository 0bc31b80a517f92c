package dev.changeling.dynamics;

import dev.changeling.model.Electra;
import dev.changeling.model.Parameter;
import dev.changeling.model.ParameterStore;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The embedding tables that both networks read: words, positions and segments, without their LayerNorm. */
final class SharedTables {
    private static final String PREFIX = Electra.SHARED + "electra.embeddings.";
    private static final String SUFFIX = "_embeddings.weight";

    private SharedTables() {}

    /** Returns them, in the order of declaration; none if each network has tables of its own. */
    private static List<Parameter> of(ParameterStore parameters) {
        return parameters.parameters().stream()
                .filter(table -> isTable(table.names().get(0)))
                .toList();
    }

    /** Returns their gradients. */
    static List<Tensor> gradients(ParameterStore parameters) {
        return of(parameters).stream().map(table -> table.tensor().grad()).toList();
    }

    /** Returns their windows on a vector that is laid out as the parameters are. */
    static List<Tensor> in(ParameterStore parameters, Tensor flat) {
        return parameters.partsIn(flat).values().stream()
                .filter(part -> isTable(part.name()))
                .map(Parameter.Part::tensor)
                .toList();
    }

    private static boolean isTable(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
    }
}
