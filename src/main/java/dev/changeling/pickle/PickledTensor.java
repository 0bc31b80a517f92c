package dev.changeling.pickle;

import dev.changeling.safetensors.NamedArray;
import java.util.List;

/**
 * What a pickle says of a tensor: where its numbers are, not the numbers.
 *
 * @param storage that holds them
 * @param offset of the first one in the storage, in numbers
 * @param shape outermost dimension first
 */
record PickledTensor(Storage storage, long offset, List<Long> shape) {

    /**
     * A run of numbers, which several tensors may share.
     *
     * @param key its name in the file
     * @param type of the numbers
     * @param count how many there are
     */
    record Storage(String key, NamedArray.Type type, long count) {}

    /** Returns how many numbers the tensor has. */
    long count() {
        return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    }
}
