package dev.changeling.shard;

import dev.changeling.corpus.Document;
import dev.changeling.tokenizer.Tokenizer;
import java.util.List;

/**
 * A document as token ids.
 *
 * @param lines the token ids of its lines, those without tokens left out
 * @param hash of its text
 * @param heldOut whether it is kept for evaluation
 * @param bytes of its text in UTF-8
 */
record TokenizedDocument(List<int[]> lines, long hash, boolean heldOut, long bytes) {

    static TokenizedDocument of(Document document, long hash, boolean heldOut, Tokenizer tokenizer) {
        String text = document.text();
        List<int[]> lines =
                text.lines().map(tokenizer::ids).filter(ids -> ids.length > 0).toList();
        return new TokenizedDocument(lines, hash, heldOut, utf8Bytes(text));
    }

    static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair counts for two of its four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    long tokens() {
        return lines.stream().mapToLong(line -> line.length).sum();
    }
}
