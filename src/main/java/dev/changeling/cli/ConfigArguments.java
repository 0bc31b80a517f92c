package dev.changeling.cli;

import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options by which a benchmark is told which configuration to measure. */
final class ConfigArguments {
    @Option(
            names = "--config",
            paramLabel = "PRESET|FILE",
            defaultValue = "tiny",
            description = "debug, tiny, quickstart, small, base, large, or a YAML file that may begin with one of them."
                    + " Default: ${DEFAULT-VALUE}.")
    private String config;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description =
                    "Another objective, laid over the configuration: ${COMPLETION-CANDIDATES}. May be given again.",
            completionCandidates = Variants.class)
    private List<String> variants = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Change a setting, for example training.device_batch_size=4. May be given again.")
    private List<String> overrides = new ArrayList<>();

    /** Returns the preset or file that was named. */
    String name() {
        return config;
    }

    RunConfig load() {
        return ConfigLoader.load(config, variants, overrides);
    }
}
