package dev.changeling.safetensors;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Arrays by name, in whatever file they lie. They are read one by one, so the whole may be larger than the memory. */
public interface NamedArrays extends AutoCloseable {
    /** Returns the names of the arrays, in the order of the file. */
    Set<String> names();

    /**
     * Returns the shape of an array, outermost dimension first, without reading it.
     *
     * @throws dev.changeling.error.InputException if there is none of that name
     */
    List<Long> shape(String name);

    /**
     * Reads an array. It stays valid after {@link #close}.
     *
     * @throws dev.changeling.error.InputException if there is none of that name, it is larger than 2 GiB, or it can't
     *     be read
     */
    NamedArray array(String name);

    /** Returns the file that an array of that name is in, for messages. */
    Path fileOf(String name);

    @Override
    void close();
}
