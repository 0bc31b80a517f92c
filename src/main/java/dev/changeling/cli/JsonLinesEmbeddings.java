package dev.changeling.cli;

import dev.changeling.inference.TokenEmbeddings;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Vectors as a JSON object a text. */
final class JsonLinesEmbeddings implements EmbeddingSink {
    private final Writer out;

    JsonLinesEmbeddings(Writer out) {
        this.out = out;
    }

    /** A line. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Embedded(String text, float[] embedding) {}

    @Override
    public void write(List<String> texts, float[][] vectors) throws IOException {
        for (int i = 0; i < vectors.length; i++) {
            line(new Embedded(texts.get(i), vectors[i]));
        }
        out.flush();
    }

    /** Writes an object a text that holds its tokens. */
    void write(List<TokenEmbeddings> texts) throws IOException {
        for (TokenEmbeddings text : texts) {
            line(text);
        }
        out.flush();
    }

    private void line(Object value) throws IOException {
        out.write(JsonMapper.shared().writeValueAsString(value));
        out.write('\n');
    }

    @Override
    public void finish() throws IOException {
        out.flush();
    }
}
