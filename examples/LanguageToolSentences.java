import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Turns the examples of LanguageTool's English rules into sentences for {@code changeling detect --score}: one a line,
 * the error between {@code <marker>} and {@code </marker>}, a file for each category of rules.
 *
 * <p>Takes the jar of {@code org.languagetool:language-en} (LGPL 2.1 or later; so are its sentences) and the folder to
 * write to. An example is taken if it has a correction, which only those with an error have, and one marked span.
 */
public final class LanguageToolSentences {
    private static final List<String> RULES = List.of(
            "/org/languagetool/rules/en/grammar.xml", "/org/languagetool/rules/en/style.xml");

    /** The JDK limits what entities may grow to, as if the file came from a stranger; 0 is no limit. */
    private static final List<String> LIMITS = List.of(
            "jdk.xml.entityExpansionLimit", "jdk.xml.totalEntitySizeLimit", "jdk.xml.maxGeneralEntitySizeLimit");

    public static void main(String[] arguments) throws IOException, XMLStreamException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected the jar of org.languagetool:language-en and a folder to write to");
        }
        Map<String, Set<String>> byCategory = new TreeMap<>();
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(arguments[0]))) {
            for (String rules : RULES) {
                try (InputStream xml = Files.newInputStream(jar.getPath(rules))) {
                    read(xml, byCategory);
                }
            }
        }
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        for (Map.Entry<String, Set<String>> category : byCategory.entrySet()) {
            Path file = folder.resolve(category.getKey().toLowerCase(Locale.ROOT) + ".txt");
            Files.write(file, category.getValue(), StandardCharsets.UTF_8);
            System.out.printf(Locale.ROOT, "%s: %,d sentences%n", file, category.getValue().size());
        }
    }

    private static void read(InputStream file, Map<String, Set<String>> byCategory) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // The rules' own entities are declared inside the file; nothing is fetched from outside.
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        LIMITS.forEach(limit -> factory.setProperty(limit, 0));
        XMLStreamReader xml = factory.createXMLStreamReader(file);
        String category = "";
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            if (xml.getLocalName().equals("category")) {
                category = xml.getAttributeValue(null, "id");
            } else if (xml.getLocalName().equals("example") && xml.getAttributeValue(null, "correction") != null) {
                String sentence = sentence(xml);
                if (hasOneError(sentence)) {
                    byCategory.computeIfAbsent(category, name -> new LinkedHashSet<>()).add(sentence);
                }
            }
        }
        xml.close();
    }

    /** Returns an example's text on one line, its marks as they are in the file. */
    private static String sentence(XMLStreamReader xml) throws XMLStreamException {
        StringBuilder sentence = new StringBuilder();
        int event = xml.next();
        while (event != XMLStreamConstants.END_ELEMENT || !xml.getLocalName().equals("example")) {
            switch (event) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> sentence.append(xml.getText());
                case XMLStreamConstants.START_ELEMENT -> sentence.append('<').append(xml.getLocalName()).append('>');
                case XMLStreamConstants.END_ELEMENT -> sentence.append("</").append(xml.getLocalName()).append('>');
                default -> {} // comments and processing instructions
            }
            event = xml.next();
        }
        return sentence.toString().replaceAll("\\s+", " ").strip();
    }

    private static boolean hasOneError(String sentence) {
        return sentence.split("<marker>", -1).length == 2 && !sentence.contains("<marker></marker>");
    }
}
