package dev.changeling.model;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A trained tensor: a window on the flat buffer of its {@link ParameterStore}.
 *
 * <p>A parameter may be several Hugging Face tensors stacked along their first dimension (query, key and value), so
 * that one product computes them all; {@link #parts()} gives them one by one under their own names.
 */
public final class Parameter {

    /** What a parameter is, which decides how it starts and whether it decays. */
    public enum Kind {
        /** A matrix or an embedding table: random start, decays. */
        WEIGHT(true),
        /** A bias: starts at 0, never decays. */
        BIAS(false),
        /** LayerNorm's factor: starts at 1, never decays. */
        NORM_WEIGHT(false),
        /** LayerNorm's summand: starts at 0, never decays. */
        NORM_BIAS(false);

        private final boolean decays;

        Kind(boolean decays) {
            this.decays = decays;
        }

        /** Returns whether weight decay applies. */
        public boolean decays() {
            return decays;
        }
    }

    /**
     * One tensor as Hugging Face names it.
     *
     * @param name network prefix and Hugging Face name
     * @param shape outermost dimension first
     * @param tensor the numbers, a window on the flat buffer
     */
    public record Part(String name, List<Long> shape, Tensor tensor) {}

    private final List<String> names;
    private final Kind kind;
    private final long[] partShape;
    private @Nullable Tensor leaf;

    Parameter(List<String> names, Kind kind, long[] partShape) {
        this.names = names;
        this.kind = kind;
        this.partShape = partShape;
    }

    /** Returns the names of the stacked tensors, mostly one. */
    public List<String> names() {
        return names;
    }

    /** Returns what the parameter is. */
    public Kind kind() {
        return kind;
    }

    /** Returns the tensor that the networks multiply with, stacked; gradients flow into it. */
    public Tensor tensor() {
        if (leaf == null) {
            throw new IllegalStateException("the parameter " + names + " is used before its store is allocated");
        }
        return leaf;
    }

    /** Returns the stacked tensors one by one, outside of autograd. */
    public List<Part> parts() {
        Tensor whole = tensor().detach();
        List<Long> shape = java.util.Arrays.stream(partShape).boxed().toList();
        return java.util.stream.IntStream.range(0, names.size())
                .mapToObj(i -> new Part(names.get(i), shape, whole.narrow(0, i * partShape[0], partShape[0])))
                .toList();
    }

    long[] stackedShape() {
        long[] shape = partShape.clone();
        shape[0] *= names.size();
        return shape;
    }

    long size() {
        long size = 1;
        for (long dimension : stackedShape()) {
            size *= dimension;
        }
        return size;
    }

    void bind(Tensor tensor) {
        leaf = tensor;
    }
}
