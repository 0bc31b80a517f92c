package dev.changeling.tensor;

import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * libtorch, set up once: where to compute, in which number format, with how many threads.
 *
 * <p>This is the one place that decides the device. libtorch's thread count is a setting of the whole process, so two
 * engines in one process share it.
 */
public final class Engine {
    private final torch.DeviceType device;
    private final Precision precision;
    private final int threads;

    private Engine(torch.DeviceType device, Precision precision, int threads) {
        this.device = device;
        this.precision = precision;
        this.threads = threads;
    }

    /**
     * Sets libtorch up.
     *
     * @param device where to compute; AUTO takes CUDA if there is one
     * @param precision of the multiplications
     * @param threads CPU threads; 0 for as many as OMP_NUM_THREADS says, or else all processors of this process
     * @throws InputException if the device or the precision is not to be had here
     */
    public static Engine start(dev.changeling.config.TrainingConfig.Device device, Precision precision, int threads) {
        boolean cuda = torch.cuda_is_available();
        torch.DeviceType chosen = switch (device) {
            case AUTO -> cuda ? torch.DeviceType.CUDA : torch.DeviceType.CPU;
            case CPU -> torch.DeviceType.CPU;
            case CUDA -> {
                if (!cuda) {
                    throw new InputException(
                            "training.device: cuda was asked for, but the engine finds no CUDA device; use auto or cpu");
                }
                yield torch.DeviceType.CUDA;
            }
        };
        if (precision == Precision.BFLOAT16 && !torch.is_autocast_available(chosen)) {
            throw new InputException("training.precision: bfloat16 is not available on " + name(chosen));
        }
        int used = threads > 0 ? threads : defaultThreads(System.getenv("OMP_NUM_THREADS"));
        torch.set_num_threads(used);
        return new Engine(chosen, precision, used);
    }

    // The launcher sets the variable to the physical cores, which Java can't count.
    static int defaultThreads(@Nullable String environment) {
        return environment != null && environment.matches("[1-9][0-9]{0,3}")
                ? Integer.parseInt(environment)
                : Runtime.getRuntime().availableProcessors();
    }

    /** Returns an engine on the CPU in float32 with the default number of threads. */
    public static Engine cpu() {
        return start(dev.changeling.config.TrainingConfig.Device.CPU, Precision.FLOAT32, 0);
    }

    /** Returns options for tensors of 32-bit floats on this engine's device. */
    public TensorOptions floats() {
        return new TensorOptions(torch.ScalarType.Float)
                .device(new DeviceOptional(new org.bytedeco.pytorch.Device(device)));
    }

    Tensor place(Tensor host) {
        return device == torch.DeviceType.CPU
                ? host
                : host.to(new org.bytedeco.pytorch.Device(device), host.scalar_type());
    }

    /**
     * Opens a scope in which every native object made by this thread is freed at its end, and in which multiplications
     * run in this engine's precision. One a step: without it, memory grows until the garbage collector happens to run.
     */
    public Scope scope() {
        return new Scope(this);
    }

    /** Returns the number format that matrices are multiplied in. */
    torch.ScalarType multiplied() {
        return precision == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float;
    }

    /**
     * Adds a product of matrices to a sum of 32-bit floats, in this engine's precision and outside of autograd.
     *
     * @param sum [m, n]
     * @param left [m, k]
     * @param right [k, n]
     */
    public void addProduct(Tensor sum, Tensor left, Tensor right) {
        if (precision == Precision.BFLOAT16) { // autocast leaves operations that write in place alone
            sum.add_(torch.mm(left, right));
        } else {
            sum.addmm_(left, right);
        }
    }

    /** Waits until a GPU, if this machine has one, has done all that it was asked to. */
    public static void awaitDevice() {
        if (torch.cuda_is_available()) {
            torch.cuda_synchronize();
        }
    }

    /** Returns how many threads may use this engine at once without getting into each other's way. */
    public int sideBySide() {
        return device == torch.DeviceType.CPU ? threads : 1;
    }

    /**
     * Divides this engine's CPU threads among Java threads, until the share is closed.
     *
     * @param javaThreads how many there are
     */
    public Share share(int javaThreads) {
        return new Share(threads, Math.max(1, threads / javaThreads));
    }

    /** Returns {@code cpu} or {@code cuda}. */
    public String device() {
        return name(device);
    }

    /** Returns the number of CPU threads that libtorch uses. */
    public int threads() {
        return threads;
    }

    private static String name(torch.DeviceType device) {
        return device == torch.DeviceType.CUDA ? "cuda" : "cpu";
    }

    /** The CPU threads of each of several Java threads; see {@link Engine#share(int)}. */
    public static final class Share implements AutoCloseable {
        private final int all;
        private final int each;
        private final int multiplying;

        private Share(int all, int each) {
            this.all = all;
            this.each = each;
            this.multiplying = openblas_nolapack.blas_get_num_threads();
            // OpenBLAS has one number for the whole process, unlike libtorch.
            openblas_nolapack.blas_set_num_threads(Math.min(each, multiplying));
        }

        /** Makes the calling thread one of those that share. */
        public void enter() {
            torch.get_num_threads(); // a thread's first question gives it the number that was set last
            torch.set_num_threads(each);
        }

        /** Lets threads that start later have all CPU threads; called when all that share have entered. */
        public void entered() {
            torch.set_num_threads(all);
        }

        @Override
        public void close() {
            openblas_nolapack.blas_set_num_threads(multiplying);
            entered();
        }
    }

    /** A stretch of native memory and precision; see {@link Engine#scope()}. */
    public static final class Scope implements AutoCloseable {
        private final Engine engine;
        private final PointerScope pointers = new PointerScope();

        private Scope(Engine engine) {
            this.engine = engine;
            if (engine.precision == Precision.BFLOAT16) {
                torch.set_autocast_dtype(engine.device, torch.ScalarType.BFloat16);
                torch.set_autocast_enabled(engine.device, true);
            }
        }

        @Override
        public void close() {
            if (engine.precision == Precision.BFLOAT16) {
                torch.set_autocast_enabled(engine.device, false);
                torch.clear_cache();
            }
            pointers.close();
        }
    }
}
