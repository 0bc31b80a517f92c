package dev.changeling.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The product of a dense layer, {@code Y = X · Wᵀ} with X [rows, in] and W [out, in], as often as a layer does it at
 * once.
 *
 * @param count how many of them are one operation: 1 for a dense layer, rows times heads for attention
 * @param rows of X
 * @param in columns of X
 * @param out columns of Y
 */
public record Product(long count, long rows, long in, long out) {

    /** Which of the three products that training does. */
    public enum Direction {
        /** {@code Y = X · Wᵀ}. */
        FORWARD {
            @Override
            Tensor multiply(Tensor x, Tensor w, Tensor y) {
                return torch.matmul(x, w.transpose(-2, -1));
            }
        },
        /** The gradient of X, {@code dY · W}. */
        INPUT_GRADIENT {
            @Override
            Tensor multiply(Tensor x, Tensor w, Tensor y) {
                return torch.matmul(y, w);
            }
        },
        /** The gradient of W, {@code dYᵀ · X}. */
        WEIGHT_GRADIENT {
            @Override
            Tensor multiply(Tensor x, Tensor w, Tensor y) {
                return torch.matmul(y.transpose(-2, -1), x);
            }
        };

        /** Returns the product of two of these matrices. */
        abstract Tensor multiply(Tensor x, Tensor w, Tensor y);
    }

    /** Returns its floating-point operations, a multiplication and an addition each counted; all directions alike. */
    public double flops() {
        return 2.0 * count * rows * in * out;
    }

    Tensor x(Engine engine) {
        return random(engine, rows, in);
    }

    Tensor w(Engine engine) {
        return random(engine, out, in);
    }

    Tensor y(Engine engine) {
        return random(engine, rows, out);
    }

    private Tensor random(Engine engine, long height, long width) {
        long[] shape = count == 1 ? new long[] {height, width} : new long[] {count, height, width};
        return torch.rand(shape, engine.floats());
    }
}
