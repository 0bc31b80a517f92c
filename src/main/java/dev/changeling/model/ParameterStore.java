package dev.changeling.model;

import dev.changeling.tensor.Engine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * All parameters of a model in one flat buffer, and their gradients in another.
 *
 * <p>Modules declare their parameters while they are constructed; {@link #allocate} then lays them out, those that
 * decay first, and binds each to its window. Autograd adds gradients into the windows of the flat gradient, so the
 * optimizer, the norm and the finite check are a handful of operations over whole buffers instead of hundreds over
 * single tensors.
 */
public final class ParameterStore implements AutoCloseable {
    private final List<Parameter> declared = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private @Nullable Buffers buffers;

    private record Buffers(Tensor values, Tensor gradients, List<Parameter> order, List<Pointer> kept) {}

    /** Declares one tensor. */
    public Parameter declare(String name, Parameter.Kind kind, long... shape) {
        return declareStacked(List.of(name), kind, shape);
    }

    /**
     * Declares several tensors of one shape, stacked along their first dimension.
     *
     * @throws IllegalStateException if a name is taken or the store is allocated
     */
    public Parameter declareStacked(List<String> parts, Parameter.Kind kind, long... partShape) {
        if (buffers != null) {
            throw new IllegalStateException("declared after allocation: " + parts);
        }
        for (String name : parts) {
            if (!names.add(name)) {
                throw new IllegalStateException("declared twice: " + name);
            }
        }
        Parameter parameter = new Parameter(List.copyOf(parts), kind, partShape.clone());
        declared.add(parameter);
        return parameter;
    }

    /** Lays the declared parameters out on the engine's device, all zeros, and binds them. */
    public void allocate(Engine engine) {
        try (PointerScope scope = new PointerScope()) {
            bind(torch.zeros(new long[] {size()}, engine.floats()), engine);
        }
    }

    /**
     * Binds the declared parameters to the values of another store that declared the same, and gives them gradients of
     * their own.
     *
     * @param owner keeps the values; it must stay open for as long as this store is used
     */
    void share(Engine engine, ParameterStore owner) {
        if (!names.equals(owner.names)) {
            throw new IllegalStateException("stores that share values must declare the same parameters");
        }
        bind(owner.values(), engine);
    }

    private void bind(Tensor values, Engine engine) {
        List<Parameter> order = new ArrayList<>();
        declared.stream().filter(p -> p.kind().decays()).forEach(order::add);
        declared.stream().filter(p -> !p.kind().decays()).forEach(order::add);
        List<Pointer> kept = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor gradients = torch.zeros(new long[] {size()}, engine.floats());
            kept.add(values);
            kept.add(gradients);
            long offset = 0;
            for (Parameter parameter : order) {
                long[] shape = parameter.stackedShape();
                Tensor leaf =
                        values.narrow(0, offset, parameter.size()).view(shape).detach();
                leaf.set_requires_grad(true);
                leaf.mutable_grad()
                        .put(gradients.narrow(0, offset, parameter.size()).view(shape));
                parameter.bind(leaf, offset);
                kept.add(leaf);
                offset += parameter.size();
            }
            // They outlive this scope and any other that the caller is in, until close().
            kept.forEach(Pointer::retainReference);
            buffers = new Buffers(values, gradients, List.copyOf(order), kept);
        }
    }

    /** Returns every parameter in the order of declaration. */
    public List<Parameter> parameters() {
        return List.copyOf(declared);
    }

    /** Returns every tensor under its full name, in the order of declaration. */
    public Map<String, Parameter.Part> parts() {
        Map<String, Parameter.Part> parts = new LinkedHashMap<>();
        for (Parameter parameter : declared) {
            for (Parameter.Part part : parameter.parts()) {
                parts.put(part.name(), part);
            }
        }
        return parts;
    }

    /**
     * Returns the windows of a vector that is laid out as {@link #values()} is, under the full names of the tensors, in
     * the order of declaration.
     */
    public Map<String, Parameter.Part> partsIn(Tensor flat) {
        Map<String, Parameter.Part> parts = new LinkedHashMap<>();
        for (Parameter parameter : declared) {
            for (Parameter.Part part : parameter.partsIn(flat)) {
                parts.put(part.name(), part);
            }
        }
        return parts;
    }

    /**
     * Returns one tensor by its full name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public Parameter.Part part(String name) {
        Parameter.Part part = parts().get(name);
        if (part == null) {
            throw new IllegalArgumentException("no tensor is named " + name);
        }
        return part;
    }

    /** Returns all values as one vector. */
    public Tensor values() {
        return buffers().values;
    }

    /** Returns all gradients as one vector, in the order of {@link #values()}. */
    public Tensor gradients() {
        return buffers().gradients;
    }

    /**
     * Returns windows that together cover {@link #values()}, in order, neighbours of a kind joined.
     *
     * @param rateFactor what the learning rate is multiplied by for a tensor, by its full name
     */
    public List<ParameterGroup> groups(ToDoubleFunction<String> rateFactor) {
        List<ParameterGroup> groups = new ArrayList<>();
        for (Parameter parameter : buffers().order) {
            double factor = rateFactor.applyAsDouble(parameter.names().get(0));
            boolean decays = parameter.kind().decays();
            int last = groups.size() - 1;
            if (last >= 0
                    && groups.get(last).rateFactor() == factor
                    && groups.get(last).decays() == decays) {
                ParameterGroup group = groups.get(last);
                groups.set(last, new ParameterGroup(group.offset(), group.size() + parameter.size(), factor, decays));
            } else {
                groups.add(new ParameterGroup(parameter.offset(), parameter.size(), factor, decays));
            }
        }
        return groups;
    }

    /** Returns the number of trained numbers. */
    public long size() {
        return declared.stream().mapToLong(Parameter::size).sum();
    }

    private Buffers buffers() {
        if (buffers == null) {
            throw new IllegalStateException("the parameters are used before they are allocated");
        }
        return buffers;
    }

    @Override
    public void close() {
        if (buffers != null) {
            buffers.kept.forEach(Pointer::releaseReference);
            buffers = null;
        }
    }
}
