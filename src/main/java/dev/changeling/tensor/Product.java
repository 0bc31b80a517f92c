package dev.changeling.tensor;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The product of a dense layer, {@code Y = X · Wᵀ} with X [rows, in] and W [out, in], as often as a layer does it at
 * once.
 *
 * @param kind who multiplies
 * @param count how many of them are one operation: 1 for a dense layer, rows times heads for attention
 * @param rows of X
 * @param in columns of X
 * @param out columns of Y
 */
public record Product(Kind kind, long count, long rows, long in, long out) {

    /** Who multiplies. */
    public enum Kind {
        /**
         * What the dense layers of a trunk are computed by: {@link PointwiseConvolution} where it can, or else the
         * BLAS.
         */
        LAYER,
        /** The BLAS. */
        MATRICES
    }

    /** Returns the product of a dense layer. */
    public static Product layer(long rows, long in, long out) {
        return new Product(Kind.LAYER, 1, rows, in, out);
    }

    /** Returns products that are none of a dense layer. */
    public static Product matrices(long count, long rows, long in, long out) {
        return new Product(Kind.MATRICES, count, rows, in, out);
    }

    /** Which of the three products that training does. */
    public enum Direction {
        /** {@code Y = X · Wᵀ}. */
        FORWARD,
        /** The gradient of X, {@code dY · W}. */
        INPUT_GRADIENT,
        /** The gradient of W, {@code dYᵀ · X}. */
        WEIGHT_GRADIENT
    }

    /** The matrices of a product, random; live until the enclosing native scope ends. */
    record Matrices(Kind kind, Tensor x, Tensor w, Tensor y) {

        /** Multiplies, and returns the result. */
        Tensor multiply(Direction direction) {
            Tensor batch = x.unsqueeze(0);
            if (kind == Kind.LAYER && PointwiseConvolution.suits(batch, w)) {
                return switch (direction) {
                    case FORWARD -> PointwiseConvolution.apply(batch, w, torch.zeros(w.size(0)));
                    case INPUT_GRADIENT -> PointwiseConvolution.inputGradient(y, batch, w);
                    case WEIGHT_GRADIENT -> PointwiseConvolution.weightGradient(y, batch, w);
                };
            }
            // Into a matrix that is there: a large new one is mapped and faulted in each time, which can take longer
            // than the product itself.
            return switch (direction) {
                case FORWARD -> torch.matmul_out(y, x, w.transpose(-2, -1));
                case INPUT_GRADIENT -> torch.matmul_out(x, y, w);
                case WEIGHT_GRADIENT -> torch.matmul_out(w, y.transpose(-2, -1), x);
            };
        }
    }

    /** Returns its floating-point operations, a multiplication and an addition each counted; all directions alike. */
    public double flops() {
        return 2.0 * count * rows * in * out;
    }

    Matrices random(Engine engine) {
        return new Matrices(kind, random(engine, rows, in), random(engine, out, in), random(engine, rows, out));
    }

    private Tensor random(Engine engine, long height, long width) {
        long[] shape = count == 1 ? new long[] {height, width} : new long[] {count, height, width};
        // Autocast doesn't reach operations with a given output.
        return torch.rand(shape, engine.floats()).to(engine.multiplied());
    }
}
