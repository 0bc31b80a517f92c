package dev.changeling.tensor;

import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * A dense layer as a convolution with a 1 × 1 kernel: each token is a pixel, each of its numbers a channel.
 *
 * <p>That is how libtorch reaches oneDNN's kernels for 32-bit floats on the CPU. They add the bias while they multiply,
 * read the tokens where they lie, and are faster than the BLAS in all three products of a layer
 * (docs/decisions/dense-layers.md).
 */
public final class PointwiseConvolution {
    /** With fewer images and one thread, libtorch's backward pass falls back to the BLAS. */
    private static final long IMAGES = 16;
    /** Below these, a layer is not worth it. */
    private static final long CHANNELS = 16;

    private static final long PIXELS = 4;

    private static final boolean AVAILABLE =
            torch.hasMKLDNN() && !torch.get_cpu_capability().getString().equals("DEFAULT");

    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};

    private PointwiseConvolution() {}

    /** Returns whether this build of libtorch and this processor have oneDNN's vector kernels. */
    static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * Returns whether a dense layer should be computed this way: 32-bit floats on the CPU, whole rows of tokens, as
     * many as can be dealt out to images.
     *
     * <p>Not for a choice of tokens, [T, in]: oneDNN makes kernels for each number of them, and keeps them.
     *
     * @param x [B, S, in]
     * @param weight [out, in]
     */
    public static boolean suits(Tensor x, Tensor weight) {
        return x.is_cpu()
                && x.scalar_type().intern() == torch.ScalarType.Float
                && !torch.is_autocast_enabled(torch.DeviceType.CPU)
                && AVAILABLE
                && weight.size(0) >= CHANNELS
                && weight.size(1) >= CHANNELS
                && x.dim() == 3
                && x.is_contiguous()
                && images(x.numel() / weight.size(1)) > 0;
    }

    /** Returns {@code x · Wᵀ + b}; autograd can differentiate it. */
    public static Tensor apply(Tensor x, Tensor weight, Tensor bias) {
        long[] shape = x.shape();
        shape[shape.length - 1] = weight.size(0);
        return torch.mkldnn_convolution(asImages(x), asKernel(weight), new TensorOptional(bias), ZERO, ONE, ONE, 1)
                .permute(0, 2, 3, 1)
                .reshape(shape);
    }

    /**
     * The gradients of a dense layer.
     *
     * @param ofInput of the shape of x
     * @param ofWeight [out, in]
     * @param ofBias [out]
     */
    public record Gradients(Tensor ofInput, Tensor ofWeight, Tensor ofBias) {}

    /**
     * Returns the gradients of the layer.
     *
     * @param ofOutput the gradient with respect to the layer's output, contiguous
     * @param x what the layer was applied to
     */
    public static Gradients gradients(Tensor ofOutput, Tensor x, Tensor weight) {
        T_TensorTensorTensor_T gradients = backward(ofOutput, x, weight, Differentiated.allThree());
        return new Gradients(
                gradients.get0().permute(0, 2, 3, 1).reshape(x.shape()),
                gradients.get1().reshape(weight.shape()),
                new Tensor(gradients.get2()));
    }

    /** Returns the gradient of x alone, as an image. */
    static Tensor inputGradient(Tensor ofOutput, Tensor x, Tensor weight) {
        return new Tensor(backward(
                        ofOutput,
                        x,
                        weight,
                        new BoolPointer(3).put(0, true).put(1, false).put(2, false))
                .get0());
    }

    /** Returns the gradient of the weights, as a kernel; that of the bias comes with it. */
    static Tensor weightGradient(Tensor ofOutput, Tensor x, Tensor weight) {
        return new Tensor(backward(
                        ofOutput,
                        x,
                        weight,
                        new BoolPointer(3).put(0, false).put(1, true).put(2, true))
                .get1());
    }

    private static T_TensorTensorTensor_T backward(Tensor ofOutput, Tensor x, Tensor weight, BoolPointer wanted) {
        return torch.convolution_backward(
                asImages(ofOutput),
                asImages(x),
                asKernel(weight),
                new long[] {weight.size(0)},
                ONE,
                ZERO,
                ONE,
                false,
                ZERO,
                1,
                wanted);
    }

    // [images, channels, 1, pixels], with the channels innermost in memory, where they are.
    private static Tensor asImages(Tensor x) {
        long channels = x.size(x.dim() - 1);
        long tokens = x.numel() / channels;
        long images = images(tokens);
        return x.view(images, 1, tokens / images, channels).permute(0, 3, 1, 2);
    }

    private static Tensor asKernel(Tensor weight) {
        return weight.view(weight.size(0), weight.size(1), 1, 1);
    }

    /** Returns the fewest images, from 16, that tokens can be dealt out to evenly; 0 if they would be too small. */
    static long images(long tokens) {
        for (long images = IMAGES; images * PIXELS <= tokens; images++) {
            if (tokens % images == 0) {
                return images;
            }
        }
        return 0;
    }
}
