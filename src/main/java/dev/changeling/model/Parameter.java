package dev.changeling.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
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
        /** What is added to another table: starts at 0, decays. */
        DIFFERENCE(true),
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
    private long offset;

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

    /** Adds to the gradient, as autograd does, unless the parameter is frozen. */
    void addGradient(Tensor gradient) {
        if (tensor().requires_grad()) {
            tensor().mutable_grad().add_(gradient);
        }
    }

    /** Adds a gradient times a factor, a scalar. */
    void addGradient(Tensor gradient, Tensor factor) {
        if (tensor().requires_grad()) {
            if (factor.is_cpu()) {
                tensor().mutable_grad().add_(gradient, new Scalar(factor.item_double()));
            } else { // no waiting for the device
                tensor().mutable_grad().add_(gradient.mul(factor));
            }
        }
    }

    /**
     * Adds a gradient to rows of a table, where autograd would make one of the whole table first; outside of autograd.
     *
     * @param gradient [..., E]
     * @param ids of the rows, [...]
     */
    void addRowGradient(Tensor gradient, Tensor ids) {
        if (tensor().requires_grad()) {
            Tensor ids_T = ids.reshape(-1);
            tensor().mutable_grad().index_add_(0, ids_T, gradient.reshape(ids_T.size(0), tensor().size(1)));
        }
    }

    /** Returns the stacked tensors one by one, outside of autograd. */
    public List<Part> parts() {
        return partsOf(tensor().detach());
    }

    /**
     * Returns this parameter's windows on a vector that is laid out as the store's flat buffer is, such as an
     * optimizer's moments.
     */
    List<Part> partsIn(Tensor flat) {
        return partsOf(flat.narrow(0, offset, size()).view(stackedShape()));
    }

    private List<Part> partsOf(Tensor whole) {
        List<Long> shape = Arrays.stream(partShape).boxed().toList();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            parts.add(new Part(names.get(i), shape, whole.narrow(0, i * partShape[0], partShape[0])));
        }
        return parts;
    }

    long[] stackedShape() {
        long[] shape = partShape.clone();
        shape[0] *= names.size();
        return shape;
    }

    /** Returns where the parameter begins in the flat buffer. */
    long offset() {
        return offset;
    }

    long size() {
        long size = 1;
        for (long dimension : stackedShape()) {
            size *= dimension;
        }
        return size;
    }

    void bind(Tensor tensor, long offsetInFlatBuffer) {
        leaf = tensor;
        offset = offsetInFlatBuffer;
    }
}
