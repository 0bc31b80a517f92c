package dev.changeling.tokenizer;

import dev.changeling.disk.Disk;
import dev.changeling.error.FileFailure;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** {@code vocab.txt}: UTF-8, one token a line, in the order of its id. */
final class VocabularyFile {
    /** 100 characters of 4 bytes for each of the most tokens would be more, but no vocabulary comes near this. */
    private static final long MAXIMUM_BYTES = 1L << 30;

    private VocabularyFile() {}

    static Vocabulary load(Path file) throws IOException {
        String text = read(file);
        List<String> tokens = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int newline = text.indexOf('\n', from);
            int end = newline < 0 ? text.length() : newline;
            // A carriage return is never part of a token, since BERT's normaliser drops it: the file has DOS line ends.
            int trimmed = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
            tokens.add(text.substring(from, trimmed));
            from = end + 1;
        }
        return check(tokens, file.toString(), id -> "line " + (id + 1));
    }

    static void save(Vocabulary vocabulary, Path file) throws IOException {
        new Disk().replace(file, vocabulary.bytes());
    }

    static Vocabulary check(List<String> tokens, String source, IntFunction<String> place) {
        if (tokens.size() > Vocabulary.MAXIMUM_SIZE) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %d tokens; a vocabulary has at most %d",
                    source,
                    tokens.size(),
                    Vocabulary.MAXIMUM_SIZE));
        }
        Map<String, Integer> ids = new HashMap<>(tokens.size() * 2);
        for (int id = 0; id < tokens.size(); id++) {
            String token = tokens.get(id);
            if (token.isEmpty()) {
                throw new InputException(
                        String.format(Locale.ROOT, "%s: %s: empty; expected a token", source, place.apply(id)));
            }
            Integer earlier = ids.put(token, id);
            if (earlier != null) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s: %s: token '%s' again, first on %s; expected each token once",
                        source,
                        place.apply(id),
                        token,
                        place.apply(earlier)));
            }
        }
        return new Vocabulary(
                tokens,
                new SpecialTokens(
                        special(ids, BertSpecialTokens.PADDING, source),
                        special(ids, BertSpecialTokens.UNKNOWN, source),
                        special(ids, BertSpecialTokens.CLASSIFY, source),
                        special(ids, BertSpecialTokens.SEPARATOR, source),
                        special(ids, BertSpecialTokens.MASK, source)));
    }

    private static int special(Map<String, Integer> ids, String name, String source) {
        Integer id = ids.get(name);
        if (id == null) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: none of its %d tokens is %s; expected the special tokens %s",
                    source,
                    ids.size(),
                    name,
                    String.join(" ", BertSpecialTokens.NAMES)));
        }
        return id;
    }

    private static String read(Path file) throws IOException {
        try {
            long size = Files.size(file);
            if (size > MAXIMUM_BYTES) {
                throw new InputException(String.format(
                        Locale.ROOT, "%s: %d bytes; expected a vocabulary of at most %d", file, size, MAXIMUM_BYTES));
            }
            byte[] bytes = Files.readAllBytes(file);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": no such file; expected a vocabulary, one token a line", e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": not UTF-8; expected a vocabulary, one token a line", e);
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }
}
