package dev.changeling.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

/**
 * Vectors as comma-separated values with a header, quoted as in RFC 4180: the text, and its vector's numbers under
 * {@code 0}, {@code 1}, …
 */
final class CsvEmbeddings implements EmbeddingSink {
    private final Writer out;

    CsvEmbeddings(Writer out, int width) throws IOException {
        this.out = out;
        out.write("text");
        for (int i = 0; i < width; i++) {
            out.write("," + i);
        }
        out.write("\r\n");
    }

    @Override
    public void write(List<String> texts, float[][] vectors) throws IOException {
        for (int i = 0; i < vectors.length; i++) {
            out.write('"' + texts.get(i).replace("\"", "\"\"") + '"');
            for (float value : vectors[i]) {
                out.write(',');
                out.write(Float.toString(value));
            }
            out.write("\r\n");
        }
        out.flush();
    }

    @Override
    public void finish() throws IOException {
        out.flush();
    }
}
