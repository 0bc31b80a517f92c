package dev.changeling.shard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.error.InputException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final long SEED = 3;

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void prepare() throws IOException {
        folder = temporary.resolve("data");
        prepare(folder, RandomDocuments.texts(SEED, 400), 32);
    }

    private void prepare(Path out, List<String> texts, int rowLength) throws IOException {
        Path tokenizer = Files.writeString(temporary.resolve("vocab.txt"), "words", UTF_8);
        PrepareOptions options = new PrepareOptions(rowLength, ExampleFormat.PACKED, 0.1, SEED, 30_000);
        Prepare.run(RandomDocuments.of(texts), new WordTokenizer(1000), tokenizer, options, 1, out, progress -> {});
    }

    @Test
    void itTellsWhatIsInIt() throws IOException {
        Dataset dataset = Dataset.open(folder);
        assertThat(dataset.length()).isEqualTo(32);
        assertThat(dataset.vocabularySize()).isEqualTo(1005);
        assertThat(dataset.special()).isEqualTo(WordTokenizer.SPECIAL);
        assertThat(dataset.trainRows()).isEqualTo(dataset.train().count());
        assertThat(dataset.trainTokens())
                .isEqualTo(Arrays.stream(dataset.tokenCounts()).sum());
        assertThat(dataset.waste()).isBetween(0.0, 0.02);
        assertThat(dataset.tokenizerFolder().resolve("vocab.txt")).hasContent("words");
        assertThat(dataset.tokenizerFingerprint()).isEqualTo(new WordTokenizer(1000).fingerprint());
        assertThat(dataset.sha256())
                .matches("[0-9a-f]{64}")
                .isEqualTo(Dataset.open(folder).sha256());
    }

    @Test
    void namesTheVersionOfADataSetWithOtherKeys() throws IOException {
        Path manifest =
                Files.writeString(folder.resolve("dataset.json"), "{\"format_version\": 1, \"options\": {}}", UTF_8);
        assertThatThrownBy(() -> Dataset.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(manifest + ": format version 1; expected 2: prepare the text again");
    }

    @Test
    void rowsOfAllShardsAreNumberedThrough() throws IOException {
        Rows rows = Dataset.open(folder).train();
        assertThat(folder.resolve("train-00001.shard")).exists();
        long row = 0;
        int[] expected = new int[32];
        int[] found = new int[32];
        for (int i = 0; Files.exists(folder.resolve("train-0000" + i + ".shard")); i++) {
            Shard shard = Shard.open(folder.resolve("train-0000" + i + ".shard"));
            for (int j = 0; j < shard.rows(); j++, row++) {
                shard.copyTokens(j, expected, 0);
                rows.copyTokens(row, found, 0);
                assertThat(found).isEqualTo(expected);
                assertThat(rows.sequences(row)).isEqualTo(shard.sequences(j));
                assertThat(rows.sequenceLength(row, 0)).isEqualTo(shard.length(j, 0));
            }
        }
        assertThat(rows.count()).isEqualTo(row);
        assertThatThrownBy(() -> rows.sequences(rows.count())).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void unigramEntropyIsThatOfTheWords() throws IOException {
        // Two words in proportion 3 : 1, and others in the document that is held out.
        List<String> texts = new ArrayList<>(Collections.nCopies(40, "1 1 1 2 1 1 1 2"));
        texts.add("1 2 3 4");
        Path out = temporary.resolve("two");
        prepare(out, texts, 32);
        Dataset dataset = Dataset.open(out);
        long ones = dataset.tokenCounts()[6];
        assertThat(ones)
                .as("the copies are on the training side with this seed")
                .isEqualTo(240);
        double expected = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25);
        assertThat(dataset.unigramEntropy()).isCloseTo(expected, within(1e-12));
        double total = 320 + 1001;
        double heldOut = -(Math.log(241 / total) + Math.log(81 / total) + 2 * Math.log(1 / total)) / 4;
        assertThat(dataset.heldOutUnigramCrossEntropy()).isCloseTo(heldOut, within(1e-12));
    }

    @Test
    void everyDamagedFileIsNamed() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        assertThat(files).hasSizeGreaterThan(4);
        RandomStream random = RandomStream.of(SEED, Purpose.SWAPS);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            boolean json = file.toString().endsWith(".json");
            for (int round = 0; round < 20; round++) {
                byte[] bytes = whole.clone();
                int at = random.nextInt(bytes.length);
                bytes[at] ^= json ? (byte) 0x80 : (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                assertThatThrownBy(() -> Dataset.open(folder))
                        .as("seed %d, %s, byte %d", SEED, file, at)
                        .isInstanceOf(InputException.class)
                        .hasMessageStartingWith(folder.toString())
                        .hasMessageNotContaining("\n");
            }
            Files.delete(file);
            assertThatThrownBy(() -> Dataset.open(folder))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("no such file");
            Files.write(file, whole);
        }
        Dataset.open(folder);
    }

    @Test
    void aShardOfAnotherDatasetIsRefused() throws IOException {
        Path other = temporary.resolve("other");
        List<String> texts = RandomDocuments.texts(SEED, 400);
        Collections.reverse(texts);
        prepare(other, texts, 32);
        Files.copy(
                other.resolve("train-00000.shard"),
                folder.resolve("train-00000.shard"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> Dataset.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train-00000.shard: a whole shard, but not the one");
    }
}
