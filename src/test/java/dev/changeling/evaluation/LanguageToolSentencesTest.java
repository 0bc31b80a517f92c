package dev.changeling.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/LanguageToolSentences.java} on the real jar. */
class LanguageToolSentencesTest {
    private static final String RULES = "/org/languagetool/rules/en/grammar.xml";

    @Test
    void theExamplesOfLanguageToolAreMarkedSentences(@TempDir Path folder) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", classes.toString(), "examples/LanguageToolSentences.java");
        assertThat(failed).isZero();
        Path sentences = folder.resolve("sentences");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            loader.loadClass("LanguageToolSentences")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {jar().toString(), sentences.toString()});
        }

        List<MarkedSentence> all = read(sentences);
        assertThat(all).hasSize(9737);
        assertThat(Files.readAllLines(sentences.resolve("confused_words.txt"))).hasSize(1632);
        // Entities are characters, and no mark or tag is left.
        assertThat(all).noneMatch(sentence -> sentence.text().matches(".*(&[a-z]+;|</?[a-z]+>).*"));
        assertThat(all).allMatch(sentence -> sentence.end() > sentence.start());
        assertThat(all).contains(new MarkedSentence("I made it trough without crying.", 10, 16));
    }

    private static Path jar() throws Exception {
        URL rules = Objects.requireNonNull(LanguageToolSentencesTest.class.getResource(RULES));
        String jar = rules.getPath();
        return Path.of(URI.create(jar.substring(0, jar.indexOf("!"))));
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
