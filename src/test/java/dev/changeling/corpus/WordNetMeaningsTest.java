package dev.changeling.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ExamplePrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/WordNetMeanings.java} on the real jar. */
class WordNetMeaningsTest {
    private static final String DATA = "/net/sf/extjwnl/data/wordnet/wn31/data.noun";

    @Test
    void synsetsBecomePairsOfWordsAndMeaning(@TempDir Path folder) throws Exception {
        ExamplePrograms.run("WordNetMeanings", folder, ExamplePrograms.jarOf(DATA), folder);

        List<String> dev = Files.readAllLines(folder.resolve("dev.tsv"));
        List<String> train = Files.readAllLines(folder.resolve("train.tsv"));
        assertThat(dev).hasSize(1 + 1_000).startsWith("words\tmeaning");
        assertThat(train).hasSize(1 + 112_418).startsWith("words\tmeaning");
        assertThat(new HashSet<>(dev)).hasSizeGreaterThan(990);
        List<String> all = new ArrayList<>(dev);
        all.addAll(train);
        assertThat(all).allMatch(line -> line.matches("[^\t]+\t[^\t]+"));
        assertThat(all)
                .contains("facing\ta lining applied to the edge of a garment for ornamentation or strengthening");
        assertThat(all).noneMatch(line -> line.split("\t")[0].matches(".*[_()].*"));
        assertThat(all).noneMatch(line -> line.contains("; \""));
    }
}
