package dev.changeling.hub;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A discriminator, a generator, or both, in Hugging Face folders. Which of the two a network is, its head tells if that
 * detects replaced tokens; else the folder's name, {@code discriminator} or {@code generator}; else the head again: one
 * that predicts tokens is a generator's, and a trunk without a head, BERT's for example, stands for a discriminator.
 */
final class SavedPair implements AutoCloseable {
    private @Nullable SavedNetwork discriminator;
    private @Nullable SavedNetwork generator;

    private SavedPair() {}

    /**
     * Opens networks.
     *
     * @param from each a network's folder, or one that holds the folders {@code discriminator} or {@code generator} or
     *     both
     * @throws InputException if one can't be read, two are of the same kind, or the two don't make a pair
     */
    static SavedPair open(List<Path> from) throws IOException {
        SavedPair pair = new SavedPair();
        boolean opened = false;
        try {
            for (Path folder : from) {
                for (Path network : networks(folder)) {
                    pair.add(SavedNetwork.open(network));
                }
            }
            pair.requireCommonSettings();
            opened = true;
            return pair;
        } finally {
            if (!opened) {
                pair.close();
            }
        }
    }

    private static List<Path> networks(Path folder) {
        List<Path> networks = new ArrayList<>();
        if (!Files.exists(folder.resolve(HuggingFaceConfig.FILE))) {
            for (String name : List.of(HuggingFaceExport.DISCRIMINATOR, HuggingFaceExport.GENERATOR)) {
                if (Files.isDirectory(folder.resolve(name))) {
                    networks.add(folder.resolve(name));
                }
            }
        }
        return networks.isEmpty() ? List.of(folder) : networks;
    }

    private void add(SavedNetwork network) {
        boolean isGenerator = isGenerator(network);
        SavedNetwork other = isGenerator ? generator : discriminator;
        if (other != null) {
            network.close();
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: a %s, and so is %s; expected one of a kind",
                    network.folder(),
                    isGenerator ? "generator" : "discriminator",
                    other.folder()));
        }
        if (isGenerator) {
            generator = network;
        } else {
            discriminator = network;
        }
    }

    // An encoder that learned as BERT does is a discriminator here with the head that generators have.
    private static boolean isGenerator(SavedNetwork network) {
        if (network.role() == SavedNetwork.Role.DISCRIMINATOR) {
            return false;
        }
        Path name = network.folder().toAbsolutePath().normalize().getFileName();
        String part = name == null ? "" : name.toString();
        return switch (part) {
            case HuggingFaceExport.DISCRIMINATOR -> false;
            case HuggingFaceExport.GENERATOR -> true;
            default -> network.role() == SavedNetwork.Role.GENERATOR;
        };
    }

    /** The two share their embeddings, and a run has one epsilon. */
    private void requireCommonSettings() {
        if (discriminator != null && generator != null) {
            HuggingFaceConfig ours = generator.config();
            HuggingFaceConfig theirs = discriminator.config();
            requireSame("embedding_size", ours.embeddingSize(), theirs.embeddingSize(), generator, discriminator);
            requireSame("layer_norm_eps", ours.layerNormEpsilon(), theirs.layerNormEpsilon(), generator, discriminator);
        }
    }

    private static void requireSame(
            String setting, Number found, Number expected, SavedNetwork network, SavedNetwork other) {
        if (!found.equals(expected)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: %s: %s; expected %s, that of %s, since a pair has one for both",
                    network.folder().resolve(HuggingFaceConfig.FILE),
                    setting,
                    found,
                    expected,
                    other.folder()));
        }
    }

    /** Returns the discriminator, or null if there is none. */
    @Nullable
    SavedNetwork discriminator() {
        return discriminator;
    }

    /** Returns the generator, or null if there is none. */
    @Nullable
    SavedNetwork generator() {
        return generator;
    }

    /** Returns all there are, the discriminator first: the embedding tables are the first one's. */
    List<SavedNetwork> networks() {
        List<SavedNetwork> networks = new ArrayList<>();
        if (discriminator != null) {
            networks.add(discriminator);
        }
        if (generator != null) {
            networks.add(generator);
        }
        return networks;
    }

    @Override
    public void close() {
        networks().forEach(SavedNetwork::close);
    }
}
