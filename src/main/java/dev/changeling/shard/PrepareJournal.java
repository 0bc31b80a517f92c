package dev.changeling.shard;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;

/**
 * How far a preparation that did not end has come: the content of {@code prepare.json}, which is there as long as
 * {@code dataset.json} is not.
 *
 * @param formatVersion of this file and the shards
 * @param options of the preparation
 * @param tokenizer of the preparation
 * @param shards of the training split that are whole; the held-out split, which is small, is written anew
 */
record PrepareJournal(int formatVersion, PrepareOptions options, TokenizerIdentity tokenizer, List<Entry> shards) {
    static final String FILE = "prepare.json";

    /**
     * A whole shard.
     *
     * @param shard the shard
     * @param documents how many training documents it ends after
     * @param documentsHash a hash of these documents in their order
     */
    record Entry(ShardEntry shard, long documents, long documentsHash) {}

    static PrepareJournal empty(PrepareOptions options, TokenizerIdentity tokenizer) {
        return new PrepareJournal(DatasetManifest.VERSION, options, tokenizer, List.of());
    }

    PrepareJournal with(Entry entry) {
        List<Entry> more = new ArrayList<>(shards);
        more.add(entry);
        return new PrepareJournal(formatVersion, options, tokenizer, List.copyOf(more));
    }

    static PrepareJournal read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            return DatasetManifest.JSON.readValue(Files.readAllBytes(file), PrepareJournal.class);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        } catch (JacksonException e) {
            throw new InputException(
                    file + ": damaged: " + DatasetManifest.firstLine(e) + "; delete the folder to begin anew", e);
        }
    }

    void write(Path folder) throws IOException {
        new Disk().replace(folder.resolve(FILE), DatasetManifest.JSON.writeValueAsBytes(this));
    }
}
