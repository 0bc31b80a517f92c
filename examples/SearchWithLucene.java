import dev.changeling.corpus.Corpus;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentBoundary;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.inference.Encoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

/**
 * Searches documents by their meaning: an encoder makes vectors of them, Apache Lucene finds those nearest to a query's.
 *
 * <p>Takes an encoder's folder, a corpus (a file, a folder, or {@code wordnet:} for the glosses of WordNet), how many
 * of its documents to index, and the queries. docs/embeddings.md says how to run it.
 */
public final class SearchWithLucene {
    private static final String TEXT = "text";
    private static final String VECTOR = "vector";
    private static final int AT_ONCE = 4096;
    private static final int BEST = 5;

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        String corpus = arguments[1];
        int most = Integer.parseInt(arguments[2]);
        List<String> queries = Arrays.asList(arguments).subList(3, arguments.length);

        try (Encoder encoder = Encoder.load(folder);
                Directory directory = new ByteBuffersDirectory()) {
            float[] centre = index(encoder, corpus, most, directory);
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                for (String query : queries) {
                    search(encoder, centre, searcher, query);
                }
            }
        }
    }

    /** Returns the mean of the first documents' vectors, which was taken off all of them. */
    private static float[] index(Encoder encoder, String corpus, int most, Directory directory) throws IOException {
        CorpusOptions options = CorpusOptions.of(List.of(corpus)).withBoundary(DocumentBoundary.LINE);
        long start = System.nanoTime();
        int count = 0;
        float[] centre = new float[encoder.width()];
        try (DocumentReader documents = Corpus.open(options);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig())) {
            List<String> texts = next(documents, Math.min(AT_ONCE, most));
            while (!texts.isEmpty()) {
                float[][] vectors = encoder.embed(texts);
                if (count == 0) {
                    centre = mean(vectors);
                }
                for (int i = 0; i < vectors.length; i++) {
                    org.apache.lucene.document.Document document = new org.apache.lucene.document.Document();
                    document.add(new StoredField(TEXT, texts.get(i)));
                    document.add(new KnnFloatVectorField(
                            VECTOR, difference(vectors[i], centre), VectorSimilarityFunction.COSINE));
                    writer.addDocument(document);
                }
                count += texts.size();
                texts = next(documents, Math.min(AT_ONCE, most - count));
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "indexed %d documents, %.0f a second%n", count, count / seconds);
        return centre;
    }

    // The vectors of an encoder that was never fine-tuned for this all lie in one direction, the mean; what tells them
    // apart is the rest.
    private static float[] mean(float[][] vectors) {
        float[] mean = new float[vectors[0].length];
        for (float[] vector : vectors) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += vector[i] / vectors.length;
            }
        }
        return mean;
    }

    private static float[] difference(float[] vector, float[] centre) {
        float[] difference = new float[vector.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = vector[i] - centre[i];
        }
        return difference;
    }

    private static List<String> next(DocumentReader documents, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            Document document = documents.next();
            if (document == null) {
                break;
            }
            texts.add(document.text());
        }
        return texts;
    }

    private static void search(Encoder encoder, float[] centre, IndexSearcher searcher, String query)
            throws IOException {
        float[] vector = difference(encoder.embed(List.of(query))[0], centre);
        System.out.println();
        System.out.println(query);
        for (ScoreDoc hit : searcher.search(new KnnFloatVectorQuery(VECTOR, vector, BEST), BEST).scoreDocs) {
            String text = searcher.storedFields().document(hit.doc).get(TEXT);
            // Lucene's score of a cosine c is (1 + c) / 2.
            System.out.printf(Locale.ROOT, "  %.3f  %s%n", 2 * hit.score - 1, text.lines().findFirst().orElse(""));
        }
    }
}
