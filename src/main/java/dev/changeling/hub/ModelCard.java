package dev.changeling.hub;

import dev.changeling.disk.Sha256;
import dev.changeling.error.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code README.md} of a network's folder, as the Hugging Face Hub reads it: metadata in YAML, then Markdown.
 *
 * <p>Its second line holds the SHA-256 of all that follows, so that a card that somebody has edited, to fill in the
 * license for example, is told from one that may be replaced.
 *
 * @param metadata for the Hub
 * @param title of the page
 * @param network what the network is
 * @param training how it was made
 * @param data what it was made from
 * @param scores how well it does
 * @param usage how to use it
 * @param origin the program and machine that made it
 * @param limits what not to expect of it
 */
public record ModelCard(
        CardMetadata metadata,
        String title,
        String network,
        String training,
        String data,
        String scores,
        String usage,
        String origin,
        String limits) {
    /** The name of the file. */
    public static final String FILE = "README.md";

    private static final String FIRST = "---\n";
    private static final String MARK = "# Written by Changeling; SHA-256 of what follows: ";
    private static final Pattern WRITTEN = Pattern.compile(FIRST + MARK + "([0-9a-f]{64})\n(.*)", Pattern.DOTALL);

    /** Returns the same card for another form of the network. */
    public ModelCard of(CardMetadata newMetadata, String newTitle, String newNetwork, String newUsage) {
        return new ModelCard(newMetadata, newTitle, newNetwork, training, data, scores, newUsage, origin, limits);
    }

    /** Returns the content of the file. */
    public String text() {
        String rest = metadata.yaml() + "---\n\n# " + title + "\n\n" + network.strip() + "\n"
                + section("How to use it", usage)
                + section("Scores on held-out text", scores)
                + section("How it was trained", training)
                + section("Data", data)
                + section("Limits", limits)
                + section("Program and machine", origin)
                + section(
                        "To fill in",
                        "License and language are not known to the program that wrote this page: set `license` and"
                                + " `language` in the lines between the two `---` above, and say here what the text"
                                + " is and who may use the network.");
        return FIRST + MARK + Sha256.of(rest.getBytes(StandardCharsets.UTF_8)) + "\n" + rest;
    }

    private static String section(String heading, String text) {
        return "\n## " + heading + "\n\n" + text.strip() + "\n";
    }

    /** Writes the file into a folder. */
    public void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(FILE), text(), StandardCharsets.UTF_8);
    }

    /** Returns whether a file is a card as it was written, unchanged since. */
    static boolean isUnchanged(Path file) {
        try {
            // Of any other charset, it is not one of these; its bytes must not stop the reading.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Matcher card = WRITTEN.matcher(text);
            return card.matches()
                    && Sha256.of(card.group(2).getBytes(StandardCharsets.UTF_8)).equals(card.group(1));
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }
}
