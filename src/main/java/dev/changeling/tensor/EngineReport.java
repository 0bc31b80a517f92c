package dev.changeling.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * What the engine found on this machine.
 *
 * @param version of libtorch
 * @param vectors widest vector instructions its kernels use here, as libtorch names them: {@code AVX2}, {@code AVX512}
 * @param blas library of its matrix multiplications: {@code open}, {@code mkl}, …
 * @param oneDnn whether it has oneDNN's kernels
 * @param threads CPU threads of one operation
 * @param devices where it can compute
 */
public record EngineReport(
        String version, String vectors, String blas, boolean oneDnn, int threads, List<String> devices) {

    /**
     * Loads the engine and asks it.
     *
     * @throws LinkageError if its libraries can't be loaded
     */
    public static EngineReport read() {
        String build = torch.show_config().getString();
        List<String> devices = new ArrayList<>(List.of("cpu"));
        if (torch.cuda_is_available()) {
            for (int i = 0; i < torch.cuda_device_count(); i++) {
                devices.add("cuda:" + i);
            }
        }
        return new EngineReport(
                setting(build, "TORCH_VERSION"),
                torch.get_cpu_capability().getString(),
                setting(build, "BLAS_INFO"),
                torch.hasMKLDNN(),
                torch.get_num_threads(),
                List.copyOf(devices));
    }

    /** Returns whether this build of the program carries the engine with CUDA; loads nothing. */
    public static boolean hasCudaBuild() {
        String folder = "/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/";
        return torch.class.getResource(folder + System.mapLibraryName("jnitorch")) != null;
    }

    /** Returns a value from libtorch's list of build settings, {@code NAME=value, NAME=value}. */
    private static String setting(String build, String name) {
        Matcher matcher = Pattern.compile("\\b" + name + "=([^,\\s]*)").matcher(build);
        return matcher.find() ? matcher.group(1) : "unknown";
    }
}
