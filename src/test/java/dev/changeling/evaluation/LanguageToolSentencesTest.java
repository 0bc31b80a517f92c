package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.ExamplePrograms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/LanguageToolSentences.java} on the real jar. */
class LanguageToolSentencesTest {
    private static final String RULES = "/org/languagetool/rules/en/grammar.xml";

    @Test
    void theExamplesOfLanguageToolAreMarkedSentences(@TempDir Path folder) throws Exception {
        Path sentences = folder.resolve("sentences");
        ExamplePrograms.run("LanguageToolSentences", folder, ExamplePrograms.jarOf(RULES), sentences);

        List<MarkedSentence> all = read(sentences);
        assertThat(all).hasSize(9737);
        assertThat(Files.readAllLines(sentences.resolve("confused_words.txt"))).hasSize(1632);
        // Entities are characters, and no mark or tag is left.
        assertThat(all).noneMatch(sentence -> sentence.text().matches(".*(&[a-z]+;|</?[a-z]+>).*"));
        assertThat(all).allMatch(sentence -> sentence.end() > sentence.start());
        assertThat(all).contains(new MarkedSentence("I made it trough without crying.", 10, 16));
    }

    private static List<MarkedSentence> read(Path folder) throws IOException {
        List<MarkedSentence> sentences = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                    sentences.add(MarkedSentence.parse(line, file.toString()));
                }
            }
        }
        return sentences;
    }
}
