package dev.changeling.tensor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Buffers that stay from one use to the next: the largest ones of a step, which would otherwise be mapped, faulted in
 * and given back each time. Belongs to one thread; whoever takes a buffer has it until the next one takes it.
 */
public final class Workspace implements AutoCloseable {
    private final Engine engine;
    private final Map<String, Tensor> buffers = new HashMap<>();

    public Workspace(Engine engine) {
        this.engine = engine;
    }

    /**
     * Returns a buffer of 32-bit floats on the engine's device. Its contents are whatever was left there.
     *
     * @param name of its use; a buffer of that name and shape is used again
     */
    public Tensor floats(String name, long... shape) {
        Tensor buffer = buffers.get(name);
        if (buffer != null && Arrays.equals(buffer.shape(), shape)) {
            return buffer;
        }
        release(name);
        try (PointerScope scope = new PointerScope()) {
            Tensor made = torch.zeros(shape, engine.floats());
            // It outlives this scope and any other that the caller is in, until close().
            made.retainReference();
            buffers.put(name, made);
            return made;
        }
    }

    private void release(String name) {
        Tensor buffer = buffers.remove(name);
        if (buffer != null) {
            buffer.releaseReference();
        }
    }

    @Override
    public void close() {
        buffers.values().forEach(Tensor::releaseReference);
        buffers.clear();
    }
}
