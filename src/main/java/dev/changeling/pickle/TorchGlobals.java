package dev.changeling.pickle;

import dev.changeling.pickle.PickledTensor.Storage;
import dev.changeling.safetensors.NamedArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions and classes that a pickle of tensors names, and what they stand for. There are no others: a name that
 * is not here is refused, so nothing that a file brings along is ever run.
 */
final class TorchGlobals {
    private static final Map<String, NamedArray.Type> STORAGES = Map.of(
            "FloatStorage", NamedArray.Type.F32,
            "HalfStorage", NamedArray.Type.F16,
            "BFloat16Storage", NamedArray.Type.BF16,
            "DoubleStorage", NamedArray.Type.F64,
            "LongStorage", NamedArray.Type.I64,
            "IntStorage", NamedArray.Type.I32,
            "ByteStorage", NamedArray.Type.U8,
            "BoolStorage", NamedArray.Type.BOOL);

    private TorchGlobals() {}

    /** A name that may stand in a pickle. */
    sealed interface Global permits Function, StorageType {}

    /** What may be called, as the pickle sees it. */
    enum Function implements Global {
        ORDERED_DICT("collections.OrderedDict"),
        REBUILD_TENSOR("torch._utils._rebuild_tensor_v2"),
        REBUILD_PARAMETER("torch._utils._rebuild_parameter");

        private final String name;

        Function(String name) {
            this.name = name;
        }
    }

    /** The class of a storage, which tells the type of its numbers. */
    record StorageType(NamedArray.Type type) implements Global {}

    /** @throws PickleException if it is none that tensors need */
    static Global find(String module, String name, int position) {
        String full = module + "." + name;
        for (Function function : Function.values()) {
            if (function.name.equals(full)) {
                return function;
            }
        }
        if (module.equals("torch") && STORAGES.containsKey(name)) {
            return new StorageType(STORAGES.get(name));
        }
        throw new PickleException(
                "byte " + position + ": names " + full + ", which is not one of the things that tensors need");
    }

    /** Returns what a call would give. */
    static Object result(Global called, List<Object> arguments, int position) {
        if (called == Function.ORDERED_DICT && arguments.isEmpty()) {
            return new LinkedHashMap<>();
        }
        if (called == Function.REBUILD_TENSOR && arguments.size() >= 4) {
            return tensor(arguments, position);
        }
        if (called == Function.REBUILD_PARAMETER && !arguments.isEmpty()) {
            return (PickledTensor) arguments.get(0);
        }
        throw new PickleException("byte " + position + ": a call that tensors do not need");
    }

    /** Returns the storage that a reference out of the pickle names: ('storage', class, key, device, count). */
    static Storage storage(Unpickler.Tuple reference) {
        List<Object> items = reference.items();
        boolean known = items.size() >= 5 && "storage".equals(items.get(0));
        // Files from before 2020 may say that a storage is a part of another; no library has written that for long.
        if (!known || (items.size() > 5 && items.get(5) != Unpickler.NONE)) {
            throw new PickleException("a reference that is not one to a tensor's numbers");
        }
        long count = (Long) items.get(4);
        if (count < 0) {
            throw new PickleException("a storage of " + count + " numbers");
        }
        return new Storage((String) items.get(2), ((StorageType) items.get(1)).type(), count);
    }

    private static PickledTensor tensor(List<Object> arguments, int position) {
        Storage storage = (Storage) arguments.get(0);
        long offset = (Long) arguments.get(1);
        List<Long> shape = integers(arguments.get(2));
        List<Long> strides = integers(arguments.get(3));
        PickledTensor tensor = new PickledTensor(storage, offset, shape);
        if (shape.size() != strides.size() || shape.stream().anyMatch(dimension -> dimension < 0)) {
            throw new PickleException("byte " + position + ": a tensor of shape " + shape + " and strides " + strides);
        }
        // Else a small file could describe tensors of any size: a stride of 0 repeats one number without end.
        if (!isRowMajor(shape, strides)) {
            throw new PickleException("byte " + position + ": a tensor of shape " + shape + " with strides " + strides
                    + "; expected one whose numbers lie in order");
        }
        if (offset < 0 || tensor.count() > storage.count() - offset) {
            throw new PickleException("byte " + position + ": a tensor of shape " + shape + " from number " + offset
                    + " of a storage of " + storage.count());
        }
        return tensor;
    }

    private static boolean isRowMajor(List<Long> shape, List<Long> strides) {
        long expected = 1;
        for (int d = shape.size() - 1; d >= 0; d--) {
            if (shape.get(d) == 0) {
                return true;
            }
            if (shape.get(d) > 1) {
                if (strides.get(d) != expected) {
                    return false;
                }
                expected = Math.multiplyExact(expected, shape.get(d));
            }
        }
        return true;
    }

    private static List<Long> integers(Object tuple) {
        List<Long> integers = new ArrayList<>();
        for (Object item : ((Unpickler.Tuple) tuple).items()) {
            integers.add((Long) item);
        }
        return integers;
    }
}
