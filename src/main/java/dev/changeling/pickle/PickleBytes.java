package dev.changeling.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle, read from front to back. No length in them is believed before there are as many bytes. */
final class PickleBytes {
    private final ByteBuffer bytes;

    /** @param bytes from position to limit; the position moves on */
    PickleBytes(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    int unsignedByte() {
        require(1);
        return bytes.get() & 0xff;
    }

    int unsignedShort() {
        require(2);
        return bytes.getShort() & 0xffff;
    }

    int signedInt() {
        require(4);
        return bytes.getInt();
    }

    /** Reads an unsigned 32-bit length or index. */
    long unsignedInt() {
        return signedInt() & 0xffff_ffffL;
    }

    long signedLong() {
        require(8);
        return bytes.getLong();
    }

    /** Reads a two's complement integer. */
    BigInteger integer(int length) {
        byte[] reversed = new byte[require(length)];
        for (int i = length - 1; i >= 0; i--) {
            reversed[i] = bytes.get();
        }
        return length == 0 ? BigInteger.ZERO : new BigInteger(reversed);
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
    }

    /** Reads UTF-8 of a length in bytes. */
    String text(long length) {
        byte[] text = new byte[require(length)];
        bytes.get(text);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("byte " + position() + ": text that is not UTF-8");
        }
    }

    /** Reads UTF-8 up to a line feed, which is not part of it. */
    String line() {
        int end = bytes.position();
        while (end < bytes.limit() && bytes.get(end) != '\n') {
            end++;
        }
        String line = text(end - bytes.position());
        require(1);
        bytes.get();
        return line;
    }

    private int require(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new PickleException("byte " + position() + ": truncated: " + length + " bytes expected, "
                    + bytes.remaining() + " left");
        }
        return (int) length;
    }
}
