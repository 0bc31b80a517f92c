package dev.changeling.task;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConllReaderTest {
    private static final ConllColumns SPANS = ConllColumns.of(TagScheme.SPANS);
    private static final ConllColumns PLAIN = ConllColumns.of(TagScheme.PLAIN);

    @TempDir
    Path folder;

    private List<TaggedSentence> read(String content, ConllColumns columns) throws IOException {
        return ConllReader.readAll(Files.write(folder.resolve("a.conll"), content.getBytes(UTF_8)), columns);
    }

    private TaggedSentence sentence(long line, List<String> words, List<String> tags) {
        return new TaggedSentence(folder.resolve("a.conll").toString(), line, words, tags);
    }

    private void assertRefused(String content, ConllColumns columns, String message) {
        assertThatThrownBy(() -> read(content, columns))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve("a.conll").toString() + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void blankLinesAndDocumentsEndSentences() throws IOException {
        String conll =
                "-DOCSTART- -X- O\n\nEU NNP B-ORG\r\nrejects  VBZ\tO\n \n\nIt PRP O\n-DOCSTART- -X- O\nHe PRP S-PER";
        assertThat(read(conll, SPANS))
                .containsExactly(
                        sentence(3, List.of("EU", "rejects"), List.of("B-ORG", "O")),
                        sentence(7, List.of("It"), List.of("O")),
                        sentence(9, List.of("He"), List.of("S-PER")));
    }

    @Test
    void columnsAreChosen() throws IOException {
        String conll = "1\tEU\tNNP\tB-ORG\n2\tsees\tVBZ\tO\n";
        assertThat(read(conll, new ConllColumns(1, 2, TagScheme.PLAIN)))
                .containsExactly(sentence(1, List.of("EU", "sees"), List.of("NNP", "VBZ")));
        assertThat(read(conll, new ConllColumns(1, ConllColumns.LAST, TagScheme.NONE)))
                .containsExactly(sentence(1, List.of("EU", "sees"), List.of()));
        assertThat(read("EU\nsees\n", ConllColumns.of(TagScheme.NONE)))
                .containsExactly(sentence(1, List.of("EU", "sees"), List.of()));
    }

    @Test
    void tagsOfSpansMustBeSuch() throws IOException {
        assertThat(read("a I-X-Y\nb E-X-Y\nc B-1\n", SPANS))
                .extracting(TaggedSentence::tags)
                .containsExactly(List.of("I-X-Y", "E-X-Y", "B-1"));
        for (String tag : List.of("NNP", "B", "B-", "L-PER", "U-PER", "B_PER", "o")) {
            assertRefused("a O\nb " + tag + "\n", SPANS, ", line 2: tag \"" + tag + "\"; expected O, B-TYPE or I-TYPE");
        }
        assertThat(read("a NNP\n", PLAIN)).extracting(TaggedSentence::tags).containsExactly(List.of("NNP"));
    }

    @Test
    void raggedLinesNameTheLine() {
        assertRefused("a x O\n\nb O\n", SPANS, ", line 3: 2 columns; expected 3 as in the first line with a word");
        assertRefused("a O\nb x O\n", SPANS, ", line 2: 3 columns; expected 2");
        assertRefused("a\n", SPANS, ", line 1: 1 column(s); expected words in column 0 and tags in the last, another");
        assertRefused("a O\n", new ConllColumns(1, ConllColumns.LAST, TagScheme.PLAIN), ", line 1: 2 column(s)");
        assertRefused(
                "a O\n",
                new ConllColumns(0, 2, TagScheme.PLAIN),
                ", line 1: 2 column(s); expected words in column 0 and tags in column 2");
        assertRefused(
                "a O\n",
                new ConllColumns(2, 0, TagScheme.NONE),
                ", line 1: 2 column(s); expected words in column 2, counted");
    }

    @Test
    void filesWithNothingInThemAreRefused() throws IOException {
        assertRefused("", SPANS, ": no sentences; expected a word a line");
        assertRefused("-DOCSTART- O\n\n", SPANS, ": no sentences");
        Path missing = folder.resolve("none.conll");
        assertThatThrownBy(() -> ConllReader.readAll(missing, SPANS))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": can't be read: no such file or folder");
        Path latin = Files.write(folder.resolve("l.conll"), "na\u00EFve O\n".getBytes(ISO_8859_1));
        assertThatThrownBy(() -> ConllReader.readAll(latin, SPANS))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(latin + ", line 1: malformed UTF-8");
    }

    @Test
    void impossibleColumnsAreRefused() {
        assertThatThrownBy(() -> new ConllColumns(-1, 0, TagScheme.PLAIN)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new ConllColumns(0, -2, TagScheme.PLAIN)).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> new ConllColumns(1, 1, TagScheme.SPANS)).isInstanceOf(UsageException.class);
    }

    @Test
    void compressedFilesGiveTheSame() throws IOException {
        Path file = Files.write(folder.resolve("a.conll.zst"), Zstd.compress("a O\n\nb O\n".getBytes(UTF_8)));
        assertThat(ConllReader.readAll(file, SPANS))
                .extracting(TaggedSentence::line)
                .containsExactly(1L, 3L);
    }

    @ParameterizedTest
    @CsvSource({"chunk-train, 8036, 191021", "chunk-dev, 900, 20706"})
    void realSentencesAreReadWhole(String name, int sentences, int words) {
        Path file = Path.of("../shared/data/tasks", name + ".conll");
        assumeTrue(Files.exists(file), "the task is not there: " + file);

        List<TaggedSentence> read = ConllReader.readAll(file, SPANS);

        assertThat(read).hasSize(sentences);
        assertThat(read.stream().mapToInt(sentence -> sentence.words().size()).sum())
                .isEqualTo(words);
        assertThat(Labels.ofTags(read).names()).contains("B-NP", "I-NP", "O").isSorted();
    }
}
