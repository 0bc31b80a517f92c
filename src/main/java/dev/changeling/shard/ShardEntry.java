package dev.changeling.shard;

import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * What a data set records of one of its shards.
 *
 * @param file its name in the folder
 * @param bytes its size
 * @param rows in it
 * @param sequences in it
 * @param tokens in it that are not padding
 * @param crc32c of its footer, in hexadecimal, which covers the checksums of all sections
 * @param sha256 of the file, in hexadecimal
 */
record ShardEntry(String file, long bytes, long rows, long sequences, long tokens, String crc32c, String sha256) {

    /** Describes a shard that was just written. */
    static ShardEntry of(Shard shard, long tokens) throws IOException {
        return new ShardEntry(
                shard.file().getFileName().toString(),
                Files.size(shard.file()),
                shard.rows(),
                shard.sequenceCount(),
                tokens,
                HexFormat.of().toHexDigits(shard.checksum()),
                Sha256.of(shard.file()));
    }

    /**
     * Opens the shard and checks that it is this one.
     *
     * @param rowLength what its rows must be long
     * @param tokenizer what it must have been made with
     * @throws InputException if it is missing, damaged, or another one
     */
    Shard open(Path folder, int rowLength, TokenizerIdentity tokenizer) throws IOException {
        Path path = folder.resolve(file);
        if (!Files.isRegularFile(path)) {
            throw new InputException(path + ": no such file, but this data set has such a shard");
        }
        Shard shard = Shard.open(path);
        if (Files.size(path) != bytes
                || shard.rows() != rows
                || shard.sequenceCount() != sequences
                || shard.rowLength() != rowLength
                || shard.vocabularySize() != tokenizer.vocabularySize()
                || !shard.tokenizedBy(HexFormat.of().parseHex(tokenizer.sha256()))
                || !HexFormat.of().toHexDigits(shard.checksum()).equals(crc32c)) {
            throw new InputException(path + ": a whole shard, but not the one that was written for this data set");
        }
        return shard;
    }
}
