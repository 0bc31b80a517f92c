package dev.changeling.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The 256 characters that stand for bytes in byte-level vocabularies (Radford et al., "Language Models are Unsupervised
 * Multitask Learners", 2019, and their code): the printable bytes of Latin-1 are written as they are, and the other 68,
 * in order, as U+0100 and up.
 */
final class ByteLevelAlphabet {
    private ByteLevelAlphabet() {}

    /** Returns the text of some bytes; what is no whole character in UTF-8 becomes U+FFFD. */
    static String decode(String characters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        characters.codePoints().forEach(character -> bytes.write(byteOf(character)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int byteOf(int character) {
        if (character < 0x100) {
            return character;
        }
        int rank = character - 0x100;
        if (rank <= 0x20) {
            return rank;
        }
        return rank <= 0x42 ? 0x7F + rank - 0x21 : 0xAD;
    }
}
