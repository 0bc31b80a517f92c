package dev.changeling.cli;

import dev.changeling.tensor.EngineReport;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code doctor} found.
 *
 * @param version of this program
 * @param machine the machine and Java
 * @param engine what the engine says, or null if it can't be loaded
 * @param engineFailure why it can't be loaded, or null if it was
 * @param cudaBuild whether this build carries the engine with CUDA
 * @param gigaflops 10⁹ floating-point operations a second in a float32 multiplication; 0 without an engine
 * @param environment the variables that matter to the engine, where set
 */
record Diagnosis(
        String version,
        Machine machine,
        @Nullable EngineReport engine,
        @Nullable String engineFailure,
        boolean cudaBuild,
        double gigaflops,
        Map<String, String> environment) {}
