package dev.changeling.pickle;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The archive that PyTorch writes since 1.6: {@code NAME/data.pkl}, and each storage as {@code NAME/data/KEY}. All is
 * stored as it is; an archive that compresses is refused, so none can unfold to more than its own length.
 */
final class ZipStorages implements TorchFile.StorageFile {
    private static final String PICKLE = "/data.pkl";

    private final ZipFile zip;
    private final String prefix;
    private final long fileLength;

    private ZipStorages(ZipFile zip, String prefix, long fileLength) {
        this.zip = zip;
        this.prefix = prefix;
        this.fileLength = fileLength;
    }

    static boolean isZip(Path file) throws IOException {
        try (InputStream stream = Files.newInputStream(file)) {
            return new String(stream.readNBytes(4), StandardCharsets.ISO_8859_1).equals("PK\u0003\u0004");
        }
    }

    static ZipStorages open(Path file) throws IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new PickleException("a damaged zip archive; is it truncated?");
        }
        boolean opened = false;
        try {
            String pickle = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                    .findFirst()
                    .orElseThrow(
                            () -> new PickleException("a zip archive without data.pkl; expected one of torch.save"));
            String prefix = pickle.substring(0, pickle.length() - PICKLE.length());
            ZipStorages storages = new ZipStorages(zip, prefix, Files.size(file));
            storages.requireLittleEndian();
            opened = true;
            return storages;
        } finally {
            if (!opened) {
                zip.close();
            }
        }
    }

    private void requireLittleEndian() throws IOException {
        ZipEntry entry = zip.getEntry(prefix + "/byteorder");
        if (entry != null) { // absent before PyTorch 2.1
            try (InputStream stream = zip.getInputStream(entry)) {
                if (!new String(stream.readNBytes(6), StandardCharsets.US_ASCII).equals("little")) {
                    throw new PickleException("numbers that are not little-endian");
                }
            }
        }
    }

    @Override
    public Object content() throws IOException {
        ZipEntry entry = entry(PICKLE);
        if (entry.getSize() > TorchFile.LONGEST_PICKLE) {
            throw new PickleException(
                    "data.pkl has " + entry.getSize() + " bytes, expected at most " + TorchFile.LONGEST_PICKLE);
        }
        ByteBuffer pickle = ByteBuffer.allocate((int) entry.getSize());
        read(entry, 0, pickle);
        try {
            return new Unpickler(new PickleBytes(pickle.flip())).run();
        } catch (PickleException e) {
            throw new PickleException("data.pkl, " + e.getMessage());
        }
    }

    @Override
    public long length(String key) {
        return entry("/data/" + key).getSize();
    }

    @Override
    public void read(String key, long from, ByteBuffer into) throws IOException {
        read(entry("/data/" + key), from, into);
    }

    private void read(ZipEntry entry, long from, ByteBuffer into) throws IOException {
        try (InputStream stream = zip.getInputStream(entry)) {
            stream.skipNBytes(from);
            int read = stream.readNBytes(into.array(), into.arrayOffset() + into.position(), into.remaining());
            into.position(into.position() + read);
        } catch (ZipException | EOFException e) {
            throw new PickleException(entry.getName() + ": a damaged zip archive");
        }
        if (into.hasRemaining()) {
            throw new PickleException(entry.getName() + ": ends early; is the archive damaged?");
        }
    }

    private ZipEntry entry(String path) {
        ZipEntry entry = zip.getEntry(prefix + path);
        if (entry == null) {
            throw new PickleException("the archive has no " + prefix + path);
        }
        if (entry.getMethod() != ZipEntry.STORED) {
            throw new PickleException(entry.getName() + ": compressed; torch.save stores as it is");
        }
        if (entry.getSize() > fileLength) {
            throw new PickleException(
                    entry.getName() + ": " + entry.getSize() + " bytes in an archive of " + fileLength);
        }
        return entry;
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
        }
    }
}
