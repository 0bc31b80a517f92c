package dev.changeling.cli;

import dev.changeling.tensor.EngineReport;
import java.util.ArrayList;
import java.util.List;

/** What to change on a machine, so that training runs, or runs faster. */
final class Advice {
    private static final long GIGABYTE = 1L << 30;

    private Advice() {}

    /** Returns one sentence for each thing to change; none if all is well. */
    static List<String> of(Diagnosis diagnosis) {
        Machine machine = diagnosis.machine();
        List<String> advice = new ArrayList<>();
        EngineReport engine = diagnosis.engine();
        if (engine == null && diagnosis.cudaBuild()) {
            advice.add("The engine can't be loaded: " + diagnosis.engineFailure()
                    + ". This build of it needs CUDA 13 and cuDNN 9: let LD_LIBRARY_PATH, or PATH on Windows, name the"
                    + " folders of their libraries.");
        } else if (engine == null) {
            advice.add("The engine can't be loaded: " + diagnosis.engineFailure()
                    + ". It runs on Linux x86-64 (glibc), macOS arm64 and Windows x86-64; build on the machine that"
                    + " runs it.");
        } else {
            if (engine.threads() > machine.processors()) {
                advice.add("The engine has " + engine.threads() + " threads on " + machine.processors()
                        + " processors: lower OMP_NUM_THREADS.");
            }
            if (engine.vectors().equals("DEFAULT")) {
                advice.add("The engine uses no AVX here: training will be several times slower than on a processor"
                        + " with AVX2.");
            }
            if (machine.nvidia() && engine.devices().size() == 1) {
                advice.add(
                        diagnosis.cudaBuild()
                                ? "There is an NVIDIA device, but the engine does not find it: is its driver one for"
                                        + " CUDA 13?"
                                : "There is an NVIDIA device, but this build of the engine is for the CPU: start with"
                                        + " CHANGELING_CUDA=1 ./changeling.");
            }
        }
        if (!diagnosis.environment().getOrDefault("OMP_WAIT_POLICY", "").equalsIgnoreCase("PASSIVE")) {
            advice.add("Waiting threads spin and slow the others down: start with ./changeling, or set"
                    + " OMP_WAIT_POLICY=PASSIVE.");
        }
        if (machine.processors() <= 2
                && !diagnosis
                        .environment()
                        .getOrDefault("OPENBLAS_NUM_THREADS", "")
                        .equals("1")) {
            advice.add("OpenBLAS's threads spin, which costs more than they bring on so few processors: start with"
                    + " ./changeling, or set OPENBLAS_NUM_THREADS=1.");
        }
        if (machine.isLinux() && !diagnosis.environment().containsKey("GLIBC_TUNABLES")) {
            advice.add("Freed memory goes back to the system at each step and is fetched anew: start with"
                    + " ./changeling, which sets GLIBC_TUNABLES.");
        }
        if (machine.freeMemoryBytes() < 2 * GIGABYTE) {
            advice.add("Less than 2 GB of memory are free: close other programs, or train with a smaller"
                    + " training.device_batch_size.");
        }
        if (machine.heapBytes() < GIGABYTE / 2) {
            advice.add("Java's heap is limited to less than 512 MB: allow more with CHANGELING_JAVA_OPTS=-Xmx2g.");
        }
        if (machine.freeDiskBytes() < 2 * GIGABYTE) {
            advice.add(
                    "Less than 2 GB of disk are free in " + machine.folder() + ": shards and checkpoints need room.");
        }
        return List.copyOf(advice);
    }
}
