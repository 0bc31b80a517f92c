package dev.changeling.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The text of a gzip file (RFC 1952), of every member where several stand one after another.
 *
 * <p>The JDK's own stream takes bytes that don't start a member for the end of the file, and asks
 * {@link InputStream#available()} whether there is another member, which a pipe can't answer; both lose text silently.
 */
final class GzipInput extends InputStream {
    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private boolean inMember;
    private boolean first = true;

    GzipInput(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        try {
            while (true) {
                if (!inMember && !startMember()) {
                    return -1;
                }
                int count = inflater.inflate(target, from, length);
                crc.update(target, from, count);
                if (inflater.finished()) {
                    endMember();
                } else if (count == 0) {
                    if (inflater.needsDictionary()) {
                        throw new IOException("a preset dictionary is asked for");
                    }
                    if (position == limit && !fill()) {
                        throw new EOFException("it ends in the middle");
                    }
                    inflater.setInput(buffer, position, limit - position);
                    position = limit;
                }
                if (count > 0) {
                    return count;
                }
            }
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private boolean startMember() throws IOException {
        // Zeros after a member are padding, as tapes and tar leave it.
        while (!first && more() && buffer[position] == 0) {
            position++;
        }
        if (!more()) {
            return false;
        }
        if (next() != 0x1F || next() != 0x8B || next() != 8) {
            throw new IOException(first ? "no gzip header" : "no gzip header after the end of a member");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new IOException("unknown flags in a member's header");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        for (int field = flags & (NAME | COMMENT); field != 0; field &= field - 1) {
            skipString();
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        crc.reset();
        inMember = true;
        first = false;
        return true;
    }

    private void endMember() throws IOException {
        position -= inflater.getRemaining();
        long expected = int32();
        long size = int32();
        if (expected != crc.getValue()) {
            throw new IOException("the checksum does not match");
        }
        if (size != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new IOException("the length does not match");
        }
        inMember = false;
    }

    private long int32() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private void skipString() throws IOException {
        int character = next();
        while (character != 0) {
            character = next();
        }
    }

    private int next() throws IOException {
        if (!more()) {
            throw new EOFException("it ends in the middle");
        }
        return buffer[position++] & 0xFF;
    }

    private boolean more() throws IOException {
        return position < limit || fill();
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
