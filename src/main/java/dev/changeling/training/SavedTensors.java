package dev.changeling.training;

import dev.changeling.error.InputException;
import dev.changeling.model.Parameter;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.tensor.HostCopy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads tensors out of the engine and writes them back, by name. */
public final class SavedTensors {
    private SavedTensors() {}

    /** Returns the tensors as arrays, which are valid until the enclosing native scope ends. */
    static List<NamedArray> viewOf(Map<String, Parameter.Part> tensors) {
        List<NamedArray> arrays = new ArrayList<>();
        tensors.forEach((name, part) ->
                arrays.add(new NamedArray(name, NamedArray.Type.F32, part.shape(), HostCopy.bytesOf(part.tensor()))));
        return arrays;
    }

    /**
     * Copies arrays into the tensors of the same names. Arrays that have no tensor are left alone.
     *
     * @throws InputException if a tensor's array is absent or of another type or shape; nothing is changed then
     */
    public static void copyInto(Map<String, Parameter.Part> tensors, List<NamedArray> arrays) {
        Map<String, NamedArray> byName = new HashMap<>();
        arrays.forEach(array -> byName.put(array.name(), array));
        tensors.forEach((name, part) -> matching(byName, name, part.shape()));
        tensors.forEach((name, part) ->
                HostCopy.fromBytes(matching(byName, name, part.shape()).data(), part.tensor()));
    }

    private static NamedArray matching(Map<String, NamedArray> arrays, String name, List<Long> shape) {
        NamedArray array = arrays.get(name);
        if (array == null
                || array.type() != NamedArray.Type.F32
                || !array.shape().equals(shape)) {
            throw new InputException("the checkpoint does not fit the model: " + name + " is "
                    + (array == null ? "absent" : array.type() + " " + array.shape()) + ", expected F32 " + shape);
        }
        return array;
    }
}
