package dev.changeling.safetensors;

import dev.changeling.error.InputException;
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
     * @throws InputException if there is none of that name
     */
    List<Long> shape(String name);

    /**
     * Reads an array. It stays valid after {@link #close}.
     *
     * @throws InputException if there is none of that name, it is larger than 2 GiB, or it can't be read
     */
    NamedArray array(String name);

    /**
     * Reads an array of floating point as finite 32-bit floats.
     *
     * @throws InputException as {@link #array}, and if its type has no fractions, or it holds a number that is not
     *     finite or becomes so in 32 bits
     */
    default NamedArray finiteFloats(String name) {
        NamedArray array = array(name);
        String place = fileOf(name) + ": tensor " + name + ": ";
        if (!array.type().isFloatingPoint()) {
            throw new InputException(place + "type " + array.type() + "; expected one of floating point");
        }
        NamedArray floats = array.asFloats();
        floats.firstNotFinite().ifPresent(index -> {
            double found = array.doubleAt(index);
            throw new InputException(place + "holds " + found
                    + (Double.isFinite(found) ? ", too large for a 32-bit float" : "") + "; expected finite numbers");
        });
        return floats;
    }

    /**
     * Returns the file that an array of that name is in, for messages; if there is none of that name, the file that
     * would tell of it.
     */
    Path fileOf(String name);

    @Override
    void close();
}
