package dev.changeling.bench;

import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a corpus, held in memory, so that reading it is not measured.
 *
 * @param documents whole documents
 * @param bytes their size in UTF-8
 */
public record Text(List<Document> documents, long bytes) {
    public Text {
        documents = List.copyOf(documents);
    }

    /**
     * Reads documents until there is enough.
     *
     * @param enough bytes of UTF-8; the last document may go past it
     * @throws InputException if there is no text at all
     */
    public static Text read(DocumentReader reader, long enough) throws IOException {
        List<Document> documents = new ArrayList<>();
        long bytes = 0;
        Document document = reader.next();
        while (document != null) {
            documents.add(document);
            bytes += size(document);
            document = bytes < enough ? reader.next() : null;
        }
        if (bytes == 0) {
            throw new InputException("the corpus holds no text; expected at least one document");
        }
        return new Text(documents, bytes);
    }

    /** Returns the size of a document in UTF-8. */
    static long size(Document document) {
        return document.text().getBytes(StandardCharsets.UTF_8).length;
    }

    /** Returns a reader over these documents. */
    DocumentReader reader() {
        Iterator<Document> rest = documents.iterator();
        return new DocumentReader() {
            @Override
            public @Nullable Document next() {
                return rest.hasNext() ? rest.next() : null;
            }

            @Override
            public void close() {}
        };
    }
}
