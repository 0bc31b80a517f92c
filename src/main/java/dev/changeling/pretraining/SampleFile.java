package dev.changeling.pretraining;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The samples of some successive steps in a file, {@code samples-FIRST-END.bin}, END excluded. All numbers are
 * little-endian: {@code CHS1}; for each step a 32-bit count and as many 32-bit token ids; a CRC-32C of all that.
 *
 * @param path of the file
 * @param first step
 * @param end the step after the last
 * @param samples of each step, or empty while they are not loaded
 */
record SampleFile(Path path, long first, long end, List<int[]> samples) {
    private static final Pattern NAME = Pattern.compile("samples-(\\d{10})-(\\d{10})\\.bin");
    private static final int MAGIC = 0x31534843; // CHS1
    private static final int MOST_STEPS = 256;
    private static final int MOST_SAMPLES = 1 << 20;

    /** Returns a file that is not loaded, or nothing if the name is no such file's. */
    static Optional<SampleFile> named(Path path) {
        Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
        return name.matches()
                ? Optional.of(
                        new SampleFile(path, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), List.of()))
                : Optional.empty();
    }

    boolean covers(long step) {
        return step >= first && step < end;
    }

    /** Returns what was written in a step, of a file that is loaded. */
    int[] samples(long step) {
        return samples.get(Math.toIntExact(step - first));
    }

    /**
     * Returns the same with its content.
     *
     * @throws InputException if it can't be read or is damaged
     */
    SampleFile load() {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw FileFailure.unreadable(path, e);
        }
        int length = bytes.capacity() - Integer.BYTES;
        if (length < Integer.BYTES
                || bytes.getInt() != MAGIC
                || bytes.getInt(length) != checksum(bytes.array(), length)) {
            throw new InputException(path + ": damaged; delete it, and its samples are drawn again");
        }
        List<int[]> loaded = new ArrayList<>();
        for (long step = first; step < end; step++) {
            int[] ofStep = new int[bytes.getInt()];
            bytes.asIntBuffer().get(ofStep);
            bytes.position(bytes.position() + ofStep.length * Integer.BYTES);
            loaded.add(ofStep);
        }
        return new SampleFile(path, first, end, loaded);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /** Samples of successive steps that are in no file yet. */
    static final class Pending {
        private final List<int[]> samples = new ArrayList<>();
        private long first;
        private int count;

        boolean isEmpty() {
            return samples.isEmpty();
        }

        boolean isFull() {
            return samples.size() >= MOST_STEPS || count >= MOST_SAMPLES;
        }

        /** Returns whether a step can be added. */
        boolean continues(long step) {
            return samples.isEmpty() || step == first + samples.size();
        }

        void add(long step, int[] ofStep) {
            if (samples.isEmpty()) {
                first = step;
            }
            samples.add(ofStep.clone());
            count += ofStep.length;
        }

        /**
         * Writes them into a file, and begins anew.
         *
         * @throws InputException if it can't be written
         */
        SampleFile write(Path folder) {
            ByteBuffer bytes = ByteBuffer.allocate((2 + samples.size() + count) * Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(MAGIC);
            for (int[] ofStep : samples) {
                bytes.putInt(ofStep.length);
                bytes.asIntBuffer().put(ofStep);
                bytes.position(bytes.position() + ofStep.length * Integer.BYTES);
            }
            bytes.putInt(checksum(bytes.array(), bytes.position()));
            long end = first + samples.size();
            Path path = folder.resolve(String.format(Locale.ROOT, "samples-%010d-%010d.bin", first, end));
            try {
                new Disk().replace(path, bytes.array());
            } catch (IOException e) {
                throw FileFailure.unwritable(path, e);
            }
            samples.clear();
            count = 0;
            return new SampleFile(path, first, end, List.of());
        }
    }
}
