package dev.changeling.pickle;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What PyTorch wrote before 1.6, and many models of that time still are: five pickles one after another (a magic
 * number, a version, the writer's machine, the content, the keys of the storages), then each storage behind its length.
 */
final class LegacyStorages implements TorchFile.StorageFile {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;

    private record Place(long begin, long bytes) {}

    private final FileChannel channel;
    private final ByteBuffer pickles;
    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Integer> widths = new HashMap<>();

    private LegacyStorages(FileChannel channel, ByteBuffer pickles) {
        this.channel = channel;
        this.pickles = pickles;
    }

    @SuppressWarnings("MustBeClosedChecker") // the caller closes what it got, and a failure closes it here
    static LegacyStorages open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        boolean opened = false;
        try {
            ByteBuffer pickles = ByteBuffer.allocate((int) Math.min(channel.size(), TorchFile.LONGEST_PICKLE));
            readFully(channel, 0, pickles);
            LegacyStorages storages = new LegacyStorages(channel, pickles.flip());
            opened = true;
            return storages;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    @Override
    public Object content() throws IOException {
        requireMagic();
        if (!next().equals(VERSION)) {
            throw new PickleException("another version of torch.save's old format than " + VERSION);
        }
        if (!(next() instanceof Map<?, ?> machine) || Boolean.FALSE.equals(machine.get("little_endian"))) {
            throw new PickleException("numbers that are not little-endian");
        }
        Object content = next();
        if (!(next() instanceof List<?> keys)) {
            throw new PickleException("no list of its storages");
        }
        rememberWidths(content);
        find(keys, pickles.position());
        return content;
    }

    private void requireMagic() {
        boolean found;
        try {
            found = next().equals(MAGIC);
        } catch (PickleException e) {
            found = false;
        }
        if (!found) {
            throw new PickleException("not a file of torch.save");
        }
    }

    /** The storages' lengths are given in numbers; only the tensors tell how wide a number is. */
    private void rememberWidths(Object content) {
        if (content instanceof Map<?, ?> dictionary) {
            for (Object value : dictionary.values()) {
                if (value instanceof PickledTensor tensor) {
                    widths.put(tensor.storage().key(), tensor.storage().type().bytes());
                }
            }
        }
    }

    private void find(List<?> keys, long begin) throws IOException {
        long at = begin;
        for (Object item : keys) {
            Integer width = item instanceof String key ? widths.get(key) : null;
            if (width == null) {
                throw new PickleException("a storage that belongs to no tensor");
            }
            ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            readFully(channel, at, count);
            long numbers = count.flip().getLong();
            at += Long.BYTES;
            if (numbers < 0 || numbers > (channel.size() - at) / width) {
                throw new PickleException("truncated: storage " + item + " of " + numbers + " numbers at byte " + at
                        + " in a file of " + channel.size());
            }
            places.put((String) item, new Place(at, numbers * width));
            at += numbers * width;
        }
        if (at != channel.size()) {
            throw new PickleException("has " + channel.size() + " bytes, but its tensors end at " + at);
        }
    }

    private Object next() {
        return new Unpickler(new PickleBytes(pickles)).run();
    }

    @Override
    public long length(String key) {
        return place(key).bytes();
    }

    @Override
    public void read(String key, long from, ByteBuffer into) throws IOException {
        readFully(channel, place(key).begin() + from, into);
    }

    private Place place(String key) {
        Place place = places.get(key);
        if (place == null) {
            throw new PickleException("has no storage " + key);
        }
        return place;
    }

    private static void readFully(FileChannel channel, long from, ByteBuffer into) throws IOException {
        long start = from - into.position();
        while (into.hasRemaining()) {
            if (channel.read(into, start + into.position()) < 0) {
                throw new PickleException("truncated at byte " + channel.size());
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
        }
    }
}
