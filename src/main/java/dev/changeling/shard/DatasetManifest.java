package dev.changeling.shard;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of {@code dataset.json}, which is written last: a folder without it is no data set.
 *
 * @param formatVersion of this file and the shards
 * @param options that decided the bytes of the shards
 * @param tokenizer that made the token ids
 * @param corpus a hash of all documents in their order, in hexadecimal
 * @param invalidUtf8 how many malformed UTF-8 sequences became U+FFFD
 * @param train what is trained on
 * @param heldOut what is kept for evaluation
 */
record DatasetManifest(
        int formatVersion,
        PrepareOptions options,
        TokenizerIdentity tokenizer,
        String corpus,
        long invalidUtf8,
        Split train,
        Split heldOut) {
    static final String FILE = "dataset.json";
    static final int VERSION = 2;

    static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    /**
     * One of the two splits.
     *
     * @param documents of the split
     * @param sequences of all shards
     * @param rows of all shards
     * @param tokens that are not padding
     * @param waste share of positions that are padding
     * @param shards in their order
     */
    record Split(long documents, long sequences, long rows, long tokens, double waste, List<ShardEntry> shards) {
        static Split of(long documents, int rowLength, List<ShardEntry> shards) {
            long rows = shards.stream().mapToLong(ShardEntry::rows).sum();
            long tokens = shards.stream().mapToLong(ShardEntry::tokens).sum();
            long sequences = shards.stream().mapToLong(ShardEntry::sequences).sum();
            double waste = rows == 0 ? 0 : 1 - (double) tokens / rows / rowLength;
            return new Split(documents, sequences, rows, tokens, waste, List.copyOf(shards));
        }
    }

    static DatasetManifest read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            // Before anything else, since another version has other keys.
            int version = json.path("format_version").asInt(VERSION);
            if (version != VERSION) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: format version %d; expected %d: prepare the text again",
                        file,
                        version,
                        VERSION));
            }
            return JSON.treeToValue(json, DatasetManifest.class);
        } catch (NoSuchFileException e) {
            throw new InputException(
                    file + ": no such file; the folder is no data set, or its preparation did not end", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(file + ": damaged: " + firstLine(e), e);
        }
    }

    void write(Path folder) throws IOException {
        new Disk().replace(folder.resolve(FILE), JSON.writeValueAsBytes(this));
    }

    static String firstLine(JacksonException e) {
        return e.getOriginalMessage().lines().findFirst().orElse("no JSON");
    }
}
