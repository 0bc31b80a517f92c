import dev.changeling.config.ConfigLoader;
import dev.changeling.config.RunConfig;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.corpus.WordNetGlosses;
import dev.changeling.inference.DetectedWord;
import dev.changeling.inference.Detector;
import dev.changeling.metrics.Metrics;
import dev.changeling.pretraining.PretrainingRun;
import dev.changeling.pretraining.RunObserver;
import dev.changeling.shard.Prepare;
import dev.changeling.shard.PrepareOptions;
import dev.changeling.tokenizer.BertNormalization;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.TokenizerFiles;
import dev.changeling.tokenizer.Tokenizers;
import dev.changeling.tokenizer.Vocabulary;
import dev.changeling.tokenizer.VocabularyProgress;
import dev.changeling.tokenizer.VocabularySettings;
import dev.changeling.tokenizer.VocabularyTrainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** From text to an encoder to suspected words, in one process. Takes the folder to work in and the number of steps. */
public final class PretrainAndDetect {
    public static void main(String[] arguments) throws Exception {
        Path folder = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("changeling");
        String steps = arguments.length > 1 ? arguments[1] : "300";
        Path tokenizerFolder = folder.resolve("tokenizer");
        Path shards = folder.resolve("shards");
        Path out = folder.resolve("run");

        // WordNet's glosses; Corpus.open(CorpusOptions.of(paths)) reads your own files.
        try (DocumentReader documents = new WordNetGlosses()) {
            Vocabulary vocabulary = new VocabularyTrainer(
                            VocabularySettings.of(4000, BertNormalization.UNCASED), VocabularyProgress.NONE)
                    .train(documents, 2);
            TokenizerFiles.write(tokenizerFolder, vocabulary, BertNormalization.UNCASED, 64);
        }
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder);
                DocumentReader documents = new WordNetGlosses()) {
            Path file = tokenizerFolder.resolve("tokenizer.json");
            Prepare.run(documents, tokenizer, file, PrepareOptions.of(64), 2, shards, progress -> {});
        }

        RunConfig config = ConfigLoader.load("quickstart", List.of("training.steps=" + steps));
        RunObserver observer = new RunObserver() {
            @Override
            public void progress(Metrics metrics) {}

            @Override
            public void message(String line) {
                System.out.println(line);
            }
        };
        try (PretrainingRun run = PretrainingRun.start(config, shards, out, List.of(), observer)) {
            run.train(() -> false);
        }

        try (Detector detector = Detector.load(out.resolve("model").resolve("discriminator"))) {
            for (DetectedWord word : detector.detect("a small boat used for village in the sea").words()) {
                System.out.printf("%-10s %.2f%n", word.text(), word.replaced());
            }
        }
    }
}
