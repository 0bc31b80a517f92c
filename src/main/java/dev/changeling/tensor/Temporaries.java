package dev.changeling.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Gives native memory back as soon as a computation is done with it, and not at the end of the step. */
public final class Temporaries {
    private Temporaries() {}

    /**
     * Computes a tensor and frees every other native object that this thread makes meanwhile. The result lives until
     * the scope ends that is open now.
     */
    public static Tensor freed(Supplier<Tensor> computation) {
        @Nullable PointerScope enclosing = PointerScope.getInnerScope();
        if (enclosing == null) {
            throw new IllegalStateException("no native scope is open");
        }
        try (PointerScope temporaries = new PointerScope()) {
            // In-place operations and tuples return handles that die with others; a handle of its own does not.
            Tensor result = new Tensor(computation.get());
            enclosing.attach(result); // first: a scope that lets go of what no other scope holds frees it
            temporaries.detach(result);
            return result;
        }
    }

    /** Runs something and frees every native object that this thread makes meanwhile. */
    static void freeAll(Runnable work) {
        try (PointerScope temporaries = new PointerScope()) {
            work.run();
        }
    }
}
