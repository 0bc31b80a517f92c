package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.TestExports;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example examples/SearchWithLucene.java, compiled and run as its reader would. */
class SearchWithLuceneTest {
    @TempDir
    private Path temporary;

    @Test
    void findsTheTextThatIsAskedFor() throws Exception {
        Path folder = TestExports.write(temporary, 8);
        Path corpus = Files.writeString(
                temporary.resolve("texts.txt"), "the old cat\nsat on a mat\nunlikely\ndon't\na mat\n. . .\nthe the\n");

        String out = run(folder.toString(), corpus.toString(), "6", "unlikely", "sat on a mat");

        List<String> lines = out.lines().toList();
        assertThat(lines.get(0)).startsWith("indexed 6 documents, ");
        assertThat(lines.subList(1, 4)).containsExactly("", "unlikely", "  1.000  unlikely");
        assertThat(lines.subList(8, 11)).containsExactly("", "sat on a mat", "  1.000  sat on a mat");
        assertThat(lines).hasSize(15);
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        // Lucene's own tests bring codecs, which want more libraries than are here.
        String classPath = Arrays.stream(all.split(File.pathSeparator))
                .filter(path -> !path.contains("lucene-test-framework"))
                .collect(Collectors.joining(File.pathSeparator));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(
                List.of(java.toString(), "-Xmx512m", "-cp", classPath, "examples/SearchWithLucene.java"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return out;
    }
}
