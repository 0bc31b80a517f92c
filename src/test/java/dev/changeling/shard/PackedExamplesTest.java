package dev.changeling.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.changeling.corpus.Corpus;
import dev.changeling.corpus.CorpusOptions;
import dev.changeling.corpus.Document;
import dev.changeling.corpus.DocumentBoundary;
import dev.changeling.corpus.DocumentReader;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PackedExamplesTest {
    private static final long SEED = 20_261_123;

    record Lengths(String name, boolean varied, ToIntFunction<RandomStream> next) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Arguments> distributions() {
        List<Lengths> distributions = List.of(
                new Lengths("all 15", false, random -> 15),
                new Lengths("glosses, 4 to 30", true, random -> 4 + random.nextInt(27)),
                new Lengths(
                        "glosses, 1 to 60, mostly short",
                        true,
                        random -> 1 + (int) (60 * Math.pow(random.nextDouble(), 3))),
                new Lengths("all 3", false, random -> 3),
                new Lengths("all 29", false, random -> 29),
                new Lengths("all 70", false, random -> 70),
                new Lengths("all 127", false, random -> 127),
                new Lengths("all 131", false, random -> 131),
                new Lengths("lines, 1 to 200", true, random -> 1 + random.nextInt(200)),
                new Lengths("books", true, random -> 20_000 + random.nextInt(50_000)),
                new Lengths("heavy tail", true, random ->
                        (int) Math.min(20_000, 5 / Math.pow(1e-9 + random.nextDouble(), 1.2))));
        return distributions.stream().flatMap(d -> Stream.of(32, 128, 512).map(length -> Arguments.of(d, length)));
    }

    @ParameterizedTest
    @MethodSource("distributions")
    void hardlyAnyPositionIsPaddingAndNoTokenIsLost(Lengths lengths, int rowLength) throws IOException {
        RandomStream random = RandomStream.of(SEED, Purpose.SEGMENTS, rowLength);
        List<Row> rows = new ArrayList<>();
        PackedExamples packed = new PackedExamples(rowLength, WordTokenizer.SPECIAL, rows::add);
        long[] expected = new long[1000];
        long total = 0;
        long document = 0;
        long shortDocuments = 0;
        while (total < 600_000) {
            int[] tokens = new int[lengths.next().applyAsInt(random)];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = 5 + random.nextInt(995);
                expected[tokens[i]]++;
            }
            total += tokens.length;
            shortDocuments += tokens.length < 8 ? 1 : 0;
            int half = tokens.length / 2;
            packed.add(
                    document++, List.of(Arrays.copyOf(tokens, half), Arrays.copyOfRange(tokens, half, tokens.length)));
        }
        packed.flush();

        long[] found = new long[1000];
        long padding = 0;
        long sequences = 0;
        long fragments = 0;
        for (Row row : rows) {
            int at = 0;
            for (int length : row.lengths()) {
                sequences++;
                fragments += length < 10 ? 1 : 0;
                assertThat(row.tokens()[at]).isEqualTo(WordTokenizer.SPECIAL.classify());
                for (int i = 1; i < length - 1; i++) {
                    found[row.tokens()[at + i]]++;
                }
                assertThat(row.tokens()[at + length - 1]).isEqualTo(WordTokenizer.SPECIAL.separator());
                at += length;
            }
            padding += rowLength - at;
            for (; at < rowLength; at++) {
                assertThat(row.tokens()[at]).isZero();
            }
        }
        double waste = (double) padding / rows.size() / rowLength;
        // Up to two positions of a row can hold no sequence, since each has [CLS] and [SEP] besides its tokens.
        assertThat(waste).as("seed %d", SEED).isLessThan(Math.max(0.02, 2.2 / rowLength));
        if (lengths.varied()) {
            assertThat(fragments)
                    .as("seed %d: short pieces", SEED)
                    .isLessThanOrEqualTo(shortDocuments + sequences / 1000);
        }
        assertThat(found).as("seed %d", SEED).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"BLANK_LINE", "LINE"})
    void booksAndTheirParagraphsLeaveHardlyAnyPadding(DocumentBoundary boundary) throws IOException {
        Path books = Path.of("../shared/data/books/valid.txt.zst");
        assumeTrue(Files.exists(books), "the books are not there: " + books);
        for (int rowLength : new int[] {64, 128, 512}) {
            long[] counts = new long[2];
            PackedExamples packed = new PackedExamples(rowLength, WordTokenizer.SPECIAL, row -> {
                counts[0]++;
                counts[1] += Arrays.stream(row.lengths()).sum();
            });
            try (DocumentReader reader =
                    Corpus.open(CorpusOptions.of(List.of(books.toString())).withBoundary(boundary))) {
                long number = 0;
                for (Document document = reader.next(); document != null; document = reader.next()) {
                    packed.add(number++, List.of(new int[document.text().split("\\W+").length]));
                }
            }
            packed.flush();
            assertThat(1 - (double) counts[1] / counts[0] / rowLength)
                    .as("%s, rows of %d", boundary, rowLength)
                    .isLessThan(0.02);
        }
    }
}
