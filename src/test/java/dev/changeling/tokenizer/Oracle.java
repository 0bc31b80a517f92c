package dev.changeling.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Hugging Face's own tokenizer, to compare ours with. */
final class Oracle implements AutoCloseable {
    static {
        // The library asks the network for its models and for whom it runs at, unless told not to.
        System.setProperty("ai.djl.offline", "true");
    }

    private final HuggingFaceTokenizer tokenizer;

    private Oracle(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Opens a {@code tokenizer.json}; without its added tokens if special tokens in a text are to be text. */
    static Oracle of(Path json, SpecialTokensInText special) throws IOException {
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(Files.readString(json));
        if (special == SpecialTokensInText.AS_TEXT) {
            root.putArray("added_tokens");
        }
        byte[] bytes = root.toString().getBytes(StandardCharsets.UTF_8);
        return new Oracle(HuggingFaceTokenizer.newInstance(
                new ByteArrayInputStream(bytes), Map.of("truncation", "false", "padding", "false")));
    }

    /** Encodes a text in which half characters, which UTF-8 does not know, are replaced as decoders replace them. */
    Encoding encode(String original) {
        String text = original.codePoints()
                .map(codePoint -> Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        ai.djl.huggingface.tokenizers.Encoding encoding = tokenizer.encode(text, false, false);
        int[] utf16 = new int[text.length() + 1];
        int codePoints = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            utf16[codePoints++] = at;
        }
        utf16[codePoints] = text.length();
        CharSpan[] spans = encoding.getCharTokenSpans();
        return new Encoding(
                Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray(),
                Arrays.stream(spans).mapToInt(span -> utf16[span.getStart()]).toArray(),
                Arrays.stream(spans).mapToInt(span -> utf16[span.getEnd()]).toArray());
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
