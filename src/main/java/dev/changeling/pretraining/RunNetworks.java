package dev.changeling.pretraining;

import dev.changeling.config.ObjectiveConfig;
import dev.changeling.config.RunConfig;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.WarmStartReport;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Generator;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of its two networks a run is worth keeping: those that its objective trains, and those that it started from. A
 * run builds both, and one that nothing asks still has its random weights at the end.
 */
final class RunNetworks {
    private RunNetworks() {}

    /**
     * Returns the names of their folders.
     *
     * @param run its folder
     */
    static Set<String> of(Path run, RunConfig config) {
        ObjectiveConfig objective = config.objective();
        Set<String> given = WarmStartReport.loadedInto(run);
        Set<String> networks = new TreeSet<>();
        if (objective.trainsDiscriminator() || has(given, Discriminator.PREFIX)) {
            networks.add(HuggingFaceExport.DISCRIMINATOR);
        }
        if (objective.trainsGenerator(config.training().steps()) || has(given, Generator.PREFIX)) {
            networks.add(HuggingFaceExport.GENERATOR);
        }
        return networks;
    }

    private static boolean has(Set<String> tensors, String prefix) {
        return tensors.stream().anyMatch(tensor -> tensor.startsWith(prefix));
    }
}
