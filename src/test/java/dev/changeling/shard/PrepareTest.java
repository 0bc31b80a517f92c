package dev.changeling.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.corpus.DocumentReader;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PrepareTest {
    private static final long SEED = 7;
    private static final int WORDS = 1000;

    @TempDir
    Path temporary;

    private Path tokenizerFile;

    @BeforeEach
    void writeTokenizerFile() throws IOException {
        tokenizerFile = Files.writeString(temporary.resolve("vocab.txt"), "words", UTF_8);
    }

    private Dataset prepare(DocumentReader documents, PrepareOptions options, int threads, Path folder)
            throws IOException {
        return Prepare.run(
                documents, new WordTokenizer(WORDS), tokenizerFile, options, threads, folder, progress -> {});
    }

    private static PrepareOptions options(ExampleFormat format) {
        return new PrepareOptions(64, format, 0.1, SEED, 60_000);
    }

    /** Returns the bytes of every file in a folder, by name. */
    static Map<String, String> content(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(
                            file -> folder.relativize(file).toString(),
                            file -> {
                                try {
                                    return HexFormat.of().formatHex(Files.readAllBytes(file));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            (a, b) -> a,
                            TreeMap::new));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBytesAreTheSameWhateverTheThreads(ExampleFormat format) throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        prepare(RandomDocuments.of(texts), options(format), 1, temporary.resolve("1"));
        Map<String, String> expected = content(temporary.resolve("1"));
        assertThat(expected)
                .containsKeys("train-00000.shard", "train-00003.shard", "heldout-00000.shard", "tokenizer/vocab.txt");
        for (int threads = 2; threads <= 4; threads++) {
            Path folder = temporary.resolve(Integer.toString(threads));
            prepare(RandomDocuments.of(texts), options(format), threads, folder);
            assertThat(content(folder)).as("%d threads", threads).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPreparationThatFailedGoesOnToTheSameBytes(ExampleFormat format) throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        prepare(RandomDocuments.of(texts), options(format), 2, temporary.resolve("whole"));
        Path folder = temporary.resolve("broken");
        for (int after : List.of(1200, 1500, 1900)) {
            assertThatThrownBy(() -> prepare(RandomDocuments.failing(texts, after), options(format), 1, folder))
                    .hasMessage("the disk is gone");
            assertThat(content(folder).keySet())
                    .contains("prepare.json", "train-00000.shard")
                    .doesNotContain("dataset.json")
                    .noneMatch(name -> name.endsWith(".tmp"));
            assertThatThrownBy(() -> Dataset.open(folder)).hasMessageContaining("its preparation did not end");
        }
        long[] tokens = new long[1];
        long everyToken =
                texts.stream().mapToLong(text -> text.split("\\s").length).sum();
        Prepare.run(
                RandomDocuments.of(texts),
                new WordTokenizer(WORDS),
                tokenizerFile,
                options(format),
                3,
                folder,
                progress -> tokens[0] = progress.tokens());
        assertThat(content(folder)).isEqualTo(content(temporary.resolve("whole")));
        assertThat(tokens[0]).as("tokens made anew").isBetween(1L, everyToken * 2 / 3);
    }

    @Test
    void theSplitsHoldEveryTokenOfTheirDocumentsOnce() throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 1000);
        Dataset dataset =
                prepare(RandomDocuments.of(texts), options(ExampleFormat.PACKED), 2, temporary.resolve("out"));
        long[] expected = new long[WORDS + 5];
        WordTokenizer tokenizer = new WordTokenizer(WORDS);
        texts.stream().flatMap(String::lines).forEach(line -> {
            for (int token : tokenizer.ids(line)) {
                expected[token]++;
            }
        });
        long[] heldOut = new long[WORDS + 5];
        dataset.heldOut().count(heldOut);
        long[] found = dataset.tokenCounts();
        for (int i = 0; i < found.length; i++) {
            found[i] = i < 5 ? 0 : found[i] + heldOut[i];
        }
        assertThat(found).isEqualTo(expected);
        assertThat(dataset.heldOutRows()).isBetween(dataset.trainRows() / 15, dataset.trainRows() / 6);
    }

    @Test
    void aSmallCorpusStillHasAHeldOutDocumentAndCopiesStayTogether() throws IOException {
        List<String> texts = List.of("1 2 3", "4 5 6", "1 2 3", "7 8 9", "4 5 6", "7 8 9", "1 2 3");
        for (int seed = 0; seed < 20; seed++) {
            Dataset dataset = prepare(
                    RandomDocuments.of(texts),
                    new PrepareOptions(16, ExampleFormat.SEGMENTS, 0.001, seed, 1 << 20),
                    1,
                    temporary.resolve("seed-" + seed));
            long[] heldOut = new long[WORDS + 5];
            dataset.heldOut().count(heldOut);
            long[] train = dataset.tokenCounts();
            assertThat(dataset.trainRows() + dataset.heldOutRows()).isEqualTo(7);
            for (int word = 1; word <= 9; word++) {
                assertThat(Math.min(train[word + 5], heldOut[word + 5]))
                        .as("seed %d, word %d", seed, word)
                        .isZero();
                assertThat(train[word + 5] + heldOut[word + 5]).isPositive();
            }
        }
    }

    @Test
    void tooFewDocumentsAreRefusedAndNothingIsLeft() {
        Path folder = temporary.resolve("out");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(List.of()), PrepareOptions.of(64), 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no document");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(List.of("1", "1")), PrepareOptions.of(64), 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one document only");
        PrepareOptions most = new PrepareOptions(64, ExampleFormat.PACKED, 0.999, 1, 1 << 20);
        assertThatThrownBy(() -> prepare(RandomDocuments.of(List.of("1", "2", "3")), most, 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("all 3 documents fell into the held-out split");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(List.of(" ", "  ")), PrepareOptions.of(64), 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no token");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFolderInUseIsLeftAlone() throws IOException {
        Path folder = temporary.resolve("out");
        List<String> texts = RandomDocuments.texts(SEED, 50);
        prepare(RandomDocuments.of(texts), PrepareOptions.of(64), 1, folder);
        Map<String, String> before = content(folder);
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), PrepareOptions.of(64), 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the same options");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), PrepareOptions.of(32), 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("other options");
        assertThat(content(folder)).isEqualTo(before);

        Path foreign = Files.createDirectory(temporary.resolve("foreign"));
        Files.writeString(foreign.resolve("letter.txt"), "dear", UTF_8);
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), PrepareOptions.of(64), 1, foreign))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("letter.txt");
        assertThat(content(foreign)).containsOnlyKeys("letter.txt");
    }

    @Test
    void anUnfinishedDatasetIsNotMixedWithAnotherCorpusOrOtherOptions() throws IOException {
        Path folder = temporary.resolve("out");
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        assertThatThrownBy(
                        () -> prepare(RandomDocuments.failing(texts, 1500), options(ExampleFormat.PACKED), 1, folder))
                .isInstanceOf(IOException.class);
        Map<String, String> before = content(folder);

        List<String> changed = new ArrayList<>(texts);
        changed.set(3, "1 2 3");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(changed), options(ExampleFormat.PACKED), 2, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the corpus is not the one");
        assertThatThrownBy(() ->
                        prepare(RandomDocuments.of(texts.subList(0, 100)), options(ExampleFormat.PACKED), 2, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the corpus is not the one");
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), options(ExampleFormat.SEGMENTS), 2, folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("begun with other options");
        assertThat(content(folder)).isEqualTo(before);
    }

    /** A kill may come after a shard got its name and before the journal tells of it. */
    @Test
    void aPreparationThatWasKilledInItsFirstWriteIsNotInTheWay() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("killed"));
        Files.writeString(folder.resolve("lock"), "");
        Files.writeString(folder.resolve("prepare.json.tmp"), "{", UTF_8);
        List<String> texts = RandomDocuments.texts(SEED, 50);
        prepare(RandomDocuments.of(texts), PrepareOptions.of(64), 1, folder);
        prepare(RandomDocuments.of(texts), PrepareOptions.of(64), 1, temporary.resolve("alone"));
        assertThat(content(folder)).isEqualTo(content(temporary.resolve("alone")));
    }

    @Test
    void whatAKilledPreparationLeftBesideTheJournalIsCleared() throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        PrepareOptions options = options(ExampleFormat.PACKED);
        prepare(RandomDocuments.of(texts), options, 2, temporary.resolve("whole"));
        Path folder = temporary.resolve("killed");
        assertThatThrownBy(() -> prepare(RandomDocuments.failing(texts, 1300), options, 1, folder))
                .isInstanceOf(IOException.class);
        String shard = "train-00000.shard";
        assertThat(folder.resolve(shard)).exists();
        Files.copy(folder.resolve(shard), folder.resolve("train-00009.shard"));
        Files.copy(folder.resolve(shard), folder.resolve("heldout-00000.shard"));
        Files.writeString(folder.resolve("train-00004.shard.tmp"), "half", UTF_8);
        prepare(RandomDocuments.of(texts), options, 2, folder);
        assertThat(content(folder)).isEqualTo(content(temporary.resolve("whole")));
    }

    @Test
    void aPreparationThatWroteNoShardIsBegunAnewWithOtherOptions() throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 50);
        Path folder = Files.createDirectory(temporary.resolve("killed"));
        PrepareJournal.empty(PrepareOptions.of(64), new TokenizerIdentity("00", 3, WordTokenizer.SPECIAL))
                .write(folder);
        Files.writeString(folder.resolve("train-00000.shard.tmp"), "half", UTF_8);
        Dataset dataset = prepare(RandomDocuments.of(texts), PrepareOptions.of(32), 1, folder);
        assertThat(dataset.length()).isEqualTo(32);
        assertThat(content(folder).keySet()).noneMatch(name -> name.endsWith(".tmp") || name.startsWith("prepare"));
    }

    @Test
    void aShardThatWasDamagedMeanwhileIsNamed() throws IOException {
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        Path folder = temporary.resolve("killed");
        PrepareOptions options = options(ExampleFormat.PACKED);
        assertThatThrownBy(() -> prepare(RandomDocuments.failing(texts, 1300), options, 1, folder))
                .isInstanceOf(IOException.class);
        Path shard = folder.resolve("train-00000.shard");
        byte[] bytes = Files.readAllBytes(shard);
        bytes[1000] ^= 1;
        Files.write(shard, bytes);
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), options, 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(shard + ": damaged");
        Files.delete(shard);
        assertThatThrownBy(() -> prepare(RandomDocuments.of(texts), options, 1, folder))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(shard + ": no such file");
    }

    @Test
    void aFolderThatCanNotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "in the way", UTF_8);
        assertThatThrownBy(() -> prepare(
                        RandomDocuments.of(RandomDocuments.texts(SEED, 5)),
                        PrepareOptions.of(64),
                        1,
                        file.resolve("out")))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file.resolve("out") + ": can't be written: ");
    }

    @Test
    void twoPreparationsDoNotShareAFolder() throws IOException {
        Path folder = temporary.resolve("out");
        List<String> texts = RandomDocuments.texts(SEED, 2000);
        List<String> told = new ArrayList<>();
        Dataset dataset = Prepare.run(
                RandomDocuments.of(texts),
                new WordTokenizer(WORDS),
                tokenizerFile,
                options(ExampleFormat.PACKED),
                1,
                folder,
                progress -> {
                    if (progress.documents() == 1000) {
                        assertThatThrownBy(() ->
                                        prepare(RandomDocuments.of(texts), options(ExampleFormat.PACKED), 1, folder))
                                .isInstanceOf(InputException.class)
                                .satisfies(refused -> told.add(String.valueOf(refused.getMessage())));
                    }
                });

        assertThat(told).containsExactly(folder + ": another process is preparing a data set in this folder");
        assertThat(dataset.trainRows()).isPositive();
        prepare(RandomDocuments.of(texts), options(ExampleFormat.PACKED), 1, temporary.resolve("alone"));
        assertThat(content(folder)).isEqualTo(content(temporary.resolve("alone")));
    }
}
