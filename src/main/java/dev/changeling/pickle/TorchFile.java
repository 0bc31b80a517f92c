package dev.changeling.pickle;

import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import dev.changeling.pickle.PickledTensor.Storage;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.NamedArrays;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file of {@code torch.save} that holds a dictionary of tensors, as {@code pytorch_model.bin} does; both the zip
 * archive that PyTorch writes since 1.6 and the plain file of older ones. Nothing in it is run.
 */
public final class TorchFile implements NamedArrays {
    /** Room for some twenty thousand tensors; what a pickle can make the reader allocate is bounded by its length. */
    static final int LONGEST_PICKLE = 4 << 20;

    private final Path file;
    private final StorageFile storages;
    private final Map<String, PickledTensor> tensors;

    private TorchFile(Path file, StorageFile storages, Map<String, PickledTensor> tensors) {
        this.file = file;
        this.storages = storages;
        this.tensors = tensors;
    }

    /**
     * The two forms of the file.
     *
     * <p>Its methods throw {@link PickleException} for what breaks the format.
     */
    interface StorageFile extends AutoCloseable {
        /** Returns what the file's pickle describes. */
        Object content() throws IOException;

        /**
         * Returns how many bytes of a storage the file holds.
         *
         * @throws PickleException if it has none of that key
         */
        long length(String key);

        /** Reads a part of a storage that is within its {@link #length}. */
        void read(String key, long from, ByteBuffer into) throws IOException;

        @Override
        void close();
    }

    /**
     * Opens a file and reads what it says of its tensors.
     *
     * @throws InputException if it can't be read, is damaged, or holds anything but a dictionary of tensors
     */
    public static TorchFile open(Path file) {
        @Nullable StorageFile storages = null;
        try {
            storages = ZipStorages.isZip(file) ? ZipStorages.open(file) : LegacyStorages.open(file);
            TorchFile opened = new TorchFile(file, storages, tensors(storages.content()));
            for (PickledTensor tensor : opened.tensors.values()) {
                requireWhole(tensor.storage(), storages);
            }
            storages = null;
            return opened;
        } catch (PickleException e) {
            // It may quote names out of the file.
            throw new InputException(
                    file + ": " + String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", "?"), e);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } finally {
            if (storages != null) {
                storages.close();
            }
        }
    }

    private static Map<String, PickledTensor> tensors(Object content) {
        if (!(content instanceof Map<?, ?> dictionary)) {
            throw new PickleException("holds no dictionary; expected one of tensors");
        }
        Map<String, PickledTensor> tensors = new LinkedHashMap<>();
        dictionary.forEach((key, value) -> {
            if (!(key instanceof String name) || !(value instanceof PickledTensor tensor)) {
                throw new PickleException("holds " + (key instanceof String text ? "'" + text + "'" : "an entry")
                        + ", which is no tensor; expected a dictionary of tensors");
            }
            tensors.put(name, tensor);
        });
        return Collections.unmodifiableMap(tensors);
    }

    private static void requireWhole(Storage storage, StorageFile storages) {
        long bytes;
        try {
            bytes = Math.multiplyExact(storage.count(), (long) storage.type().bytes());
        } catch (ArithmeticException e) {
            throw new PickleException("storage " + storage.key() + ": " + storage.count() + " numbers are too many");
        }
        long length = storages.length(storage.key());
        if (length != bytes) {
            throw new PickleException("storage " + storage.key() + ": has " + length + " bytes, but " + storage.count()
                    + " numbers of type " + storage.type() + " take " + bytes);
        }
    }

    @Override
    public Set<String> names() {
        return tensors.keySet();
    }

    @Override
    public NamedArray array(String name) {
        PickledTensor tensor = tensor(name);
        NamedArray.Type type = tensor.storage().type();
        long size = tensor.count() * type.bytes();
        if (size > Integer.MAX_VALUE) {
            throw new InputException(
                    file + ": tensor " + name + " has " + size + " bytes, expected at most " + Integer.MAX_VALUE);
        }
        ByteBuffer data = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        try {
            storages.read(tensor.storage().key(), tensor.offset() * type.bytes(), data);
        } catch (PickleException | IOException e) {
            String reason = e instanceof IOException failure ? FileFailure.reason(failure) : e.getMessage();
            throw new InputException(file + ": tensor " + name + " can't be read: " + reason, e);
        }
        return new NamedArray(name, type, tensor.shape(), data.flip());
    }

    @Override
    public List<Long> shape(String name) {
        return tensor(name).shape();
    }

    private PickledTensor tensor(String name) {
        PickledTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException(file + ": has no tensor " + name);
        }
        return tensor;
    }

    @Override
    public Path fileOf(String name) {
        return file;
    }

    @Override
    public void close() {
        storages.close();
    }
}
