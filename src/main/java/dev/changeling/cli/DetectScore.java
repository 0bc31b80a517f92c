package dev.changeling.cli;

import dev.changeling.corpus.Corpus;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentBoundary;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.corpus.WordNetGlosses;
import dev.changeling.error.InputException;
import dev.changeling.evaluation.ErrorTest;
import dev.changeling.evaluation.MarkedSentence;
import dev.changeling.evaluation.ScoredWord;
import dev.changeling.evaluation.TokenRarity;
import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detection;
import dev.changeling.inference.Detector;
import dev.changeling.shard.Dataset;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scores a discriminator on sentences whose errors are marked.
 *
 * @param model the discriminator's folder
 */
record DetectScore(Detector detector, Path model, boolean json, PrintWriter out, PrintWriter err) {
    private static final int SENTENCES_AT_ONCE = 256;

    private record Marked(String source, MarkedSentence sentence) {}

    void run(DetectSources.Scoring scoring) throws IOException {
        StatusLine status = StatusLine.on(err);
        Map<String, ErrorTest> files = new LinkedHashMap<>();
        ErrorTest all = new ErrorTest();
        CorpusOptions options = CorpusOptions.of(scoring.paths()).withBoundary(DocumentBoundary.LINE);
        try (Tokenizer tokenizer = Tokenizers.load(model);
                DocumentReader lines = Corpus.open(options)) {
            TokenRarity rarity = new TokenRarity(tokenizer, counts(tokenizer, scoring.data(), status));
            List<Marked> waiting = new ArrayList<>();
            for (Document line = lines.next(); line != null; line = lines.next()) {
                String place = line.source() + ", line " + line.line();
                waiting.add(new Marked(line.source(), MarkedSentence.parse(line.text(), place)));
                if (waiting.size() == SENTENCES_AT_ONCE) {
                    judge(waiting, rarity, files, all);
                    status.show(() -> "scoring " + place);
                }
            }
            judge(waiting, rarity, files, all);
        } finally {
            status.clear();
        }
        ErrorReportView view = new ErrorReportView(files, all);
        (json ? view.json() : view.table()).forEach(out::println);
        out.flush();
    }

    private void judge(List<Marked> waiting, TokenRarity rarity, Map<String, ErrorTest> files, ErrorTest all) {
        List<Detection> detections = detector.detect(
                waiting.stream().map(marked -> marked.sentence().text()).toList());
        for (int i = 0; i < detections.size(); i++) {
            Marked marked = waiting.get(i);
            List<DetectedWord> words = detections.get(i).words();
            List<ScoredWord> suspicions = words.stream()
                    .map(word -> new ScoredWord(word.start(), word.end(), word.replaced()))
                    .toList();
            List<ScoredWord> rarities = rarities(marked.sentence().text(), words, rarity);
            files.computeIfAbsent(marked.source(), name -> new ErrorTest())
                    .add(marked.sentence(), suspicions, rarities);
            all.add(marked.sentence(), suspicions, rarities);
        }
        waiting.clear();
    }

    private static List<ScoredWord> rarities(String text, List<DetectedWord> words, TokenRarity rarity) {
        int[] starts = words.stream().mapToInt(DetectedWord::start).toArray();
        int[] ends = words.stream().mapToInt(DetectedWord::end).toArray();
        double[] rarities = rarity.of(text, starts, ends);
        return IntStream.range(0, starts.length)
                .mapToObj(i -> new ScoredWord(starts[i], ends[i], rarities[i]))
                .toList();
    }

    private long[] counts(Tokenizer tokenizer, @Nullable Path data, StatusLine status) throws IOException {
        if (data != null) {
            Dataset dataset = Dataset.open(data);
            if (!dataset.tokenizerFingerprint().equals(tokenizer.fingerprint())) {
                throw new InputException(data + ": made with another vocabulary than " + model + " has");
            }
            return dataset.tokenCounts();
        }
        long[] counts = new long[tokenizer.vocabulary().size()];
        try (DocumentReader glosses = new WordNetGlosses()) {
            for (Document gloss = glosses.next(); gloss != null; gloss = glosses.next()) {
                for (int token : tokenizer.ids(gloss.text())) {
                    counts[token]++;
                }
                status.show(() -> "counting the tokens of WordNet's glosses");
            }
        }
        return counts;
    }
}
