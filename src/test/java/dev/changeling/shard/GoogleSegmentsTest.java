package dev.changeling.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.UsageException;
import dev.changeling.random.Purpose;
import dev.changeling.random.RandomStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GoogleSegmentsTest {
    private static final int LENGTH = 64;
    private static final long SEED = 5;

    private static List<Row> rows(long document, List<int[]> lines) throws IOException {
        return rows(SegmentOptions.GOOGLE, document, lines);
    }

    private static List<Row> rows(SegmentOptions options, long document, List<int[]> lines) throws IOException {
        List<Row> rows = new ArrayList<>();
        GoogleSegments segments = new GoogleSegments(LENGTH, options, WordTokenizer.SPECIAL, SEED, 0, rows::add);
        segments.add(document, lines);
        segments.flush();
        return rows;
    }

    private static List<int[]> randomLines(long document, int count, int longest) {
        RandomStream random = RandomStream.of(SEED, Purpose.SWAPS, document);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    int[] line = new int[1 + random.nextInt(longest)];
                    Arrays.setAll(line, j -> 5 + random.nextInt(500));
                    return line;
                })
                .toList();
    }

    /** Numbers every token of a document, so that a row tells where its tokens stood. */
    private static List<int[]> numbered(List<int[]> lines) {
        int next = 5;
        List<int[]> numbered = new ArrayList<>();
        for (int[] line : lines) {
            numbered.add(IntStream.range(next, next + line.length).toArray());
            next += line.length;
        }
        return numbered;
    }

    @Test
    void theSharesOfSingleSegmentsAndOfShortExamplesAreSettings() throws IOException {
        List<int[]> lines = randomLines(1, 2000, 6);
        for (Row row : rows(new SegmentOptions(1, 0), 1, lines)) {
            assertThat(row.firstSegments()).isEqualTo(row.lengths());
        }
        List<Row> pairs = rows(new SegmentOptions(0, 0), 1, lines);
        assertThat(pairs).hasSizeGreaterThan(50);
        for (Row row : pairs.subList(0, pairs.size() - 1)) {
            assertThat(row.firstSegments()[0]).isLessThan(row.lengths()[0]);
            assertThat(row.lengths()[0]).isGreaterThan(LENGTH - 8);
        }
        assertThat(rows(new SegmentOptions(0, 1), 1, lines)).hasSizeGreaterThan(pairs.size() * 3 / 2);
        assertThatThrownBy(() -> new SegmentOptions(1.5, 0))
                .isInstanceOf(UsageException.class)
                .hasMessage("share of single segments 1.5; expected 0 to 1");
    }

    @Test
    void segmentsKeepTheOrderOfTheDocumentAndLoseOnlyWhatIsBeyondTheRow() throws IOException {
        for (long document = 0; document < 200; document++) {
            List<int[]> lines = numbered(randomLines(document, 30, 20));
            int last = 4;
            boolean cut = false;
            List<Row> rows = rows(document, lines);
            for (Row row : rows) {
                assertThat(row.lengths()).hasSize(1);
                int length = row.lengths()[0];
                int first = row.firstSegments()[0];
                assertThat(row.tokens()[0]).isEqualTo(2);
                assertThat(row.tokens()[first - 1]).isEqualTo(3);
                assertThat(row.tokens()[length - 1]).isEqualTo(3);
                assertThat(Arrays.stream(row.tokens()).skip(length)).allMatch(token -> token == 0);
                int[] words = Arrays.stream(row.tokens(), 1, length)
                        .filter(token -> token != 3)
                        .toArray();
                assertThat(Arrays.copyOf(words, first - 2)).isSorted();
                assertThat(Arrays.copyOfRange(words, first - 2, words.length)).isSorted();
                Arrays.sort(words);
                assertThat(lines).anyMatch(line -> line[0] == words[0]);
                assertThat(words[0]).as("document %d", document).isGreaterThan(last);
                if (!cut) {
                    assertThat(words[0]).isEqualTo(last + 1);
                }
                cut = length == LENGTH;
                if (!cut) {
                    assertThat(words[words.length - 1] - words[0]).isEqualTo(words.length - 1);
                }
                last = words[words.length - 1];
            }
            assertThat(rows).hasSizeGreaterThan(2);
        }
    }

    @Test
    void sharesAreThoseOfTheReference() throws IOException {
        int full = 0;
        int single = 0;
        int shorter = 0;
        long firstTokens = 0;
        for (long document = 0; document < 20_000; document++) {
            // Lines of one token: an example is full at exactly its target.
            Row row = rows(document, randomLines(document, LENGTH, 1)).get(0);
            int words = row.lengths()[0] - (row.firstSegments()[0] == row.lengths()[0] ? 2 : 3);
            if (words < LENGTH - 3) {
                shorter++;
                continue;
            }
            full++;
            if (row.firstSegments()[0] == row.lengths()[0]) {
                single++;
            } else {
                firstTokens += row.firstSegments()[0] - 2;
            }
        }
        // 5 % draw a target, and 57 of the 60 possible are visibly shorter; standard error 0.0015.
        assertThat(shorter / 20_000.0).isBetween(0.0475 - 0.008, 0.0475 + 0.008);
        assertThat(single / (double) full).isBetween(0.09, 0.11);
        // Half of 61, and one line more half of the time, half of those another one, and so on until it is over length.
        assertThat(firstTokens / (double) (full - single)).isBetween(29.0, 31.0);
    }

    @Test
    void whatIsLongerThanARowIsCut() throws IOException {
        int[] line = IntStream.range(5, 205).toArray();
        Row row = rows(3, List.of(line)).get(0);
        assertThat(row.lengths()).containsExactly(LENGTH);
        assertThat(row.firstSegments()).containsExactly(LENGTH);
        assertThat(row.tokens()[LENGTH - 2]).isEqualTo(5 + LENGTH - 3);
        assertThat(row.tokens()[LENGTH - 1]).isEqualTo(3);
    }

    @Test
    void aDocumentGivesTheSameRowsWhateverCameBefore() throws IOException {
        List<int[]> lines = randomLines(9, 40, 20);
        List<Row> alone = rows(9, lines);
        List<Row> after = new ArrayList<>();
        GoogleSegments segments =
                new GoogleSegments(LENGTH, SegmentOptions.GOOGLE, WordTokenizer.SPECIAL, SEED, 0, after::add);
        segments.add(8, randomLines(8, 13, 20));
        int before = after.size();
        segments.add(9, lines);
        assertThat(after).hasSize(before + alone.size());
        for (int i = 0; i < alone.size(); i++) {
            assertThat(after.get(before + i).tokens()).isEqualTo(alone.get(i).tokens());
        }
    }
}
