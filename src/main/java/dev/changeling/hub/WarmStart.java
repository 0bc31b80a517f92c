package dev.changeling.hub;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.disk.Sha256;
import dev.changeling.error.InputException;
import dev.changeling.hub.WarmStartReport.Entry;
import dev.changeling.hub.WarmStartReport.Outcome;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Electra;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Generator;
import dev.changeling.model.Parameter;
import dev.changeling.tensor.Engine;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * Starting weights from networks that were trained before: continued pre-training. From a discriminator, a generator or
 * both; what they don't have keeps the starting weights that the model has already. The embedding tables, which the two
 * share, are the discriminator's if there is one. A vocabulary that has grown or is another keeps the rows of the
 * tokens that it has in common; see {@link VocabularyRows}.
 */
public final class WarmStart implements AutoCloseable {
    private final SavedPair saved;
    private final List<WarmStartSource> sources = new ArrayList<>();

    private WarmStart(SavedPair saved) {
        this.saved = saved;
    }

    /**
     * Opens networks; no tensor is read yet.
     *
     * @param from each a Hugging Face folder of a discriminator, a generator, or a BERT or DistilBERT that stands for a
     *     discriminator; or a folder that holds {@code discriminator}, {@code generator} or both, such as a run's
     *     {@code model}. A folder of one of these names is that part, whichever head it has for predicting tokens
     * @throws InputException if one can't be read, two are of the same kind, or the two don't make a pair
     */
    public static WarmStart open(List<Path> from) throws IOException {
        WarmStart start = new WarmStart(SavedPair.open(from));
        boolean opened = false;
        try {
            for (SavedNetwork network : start.saved.networks()) {
                Tokenizer tokenizer = Tokenizers.load(network.folder());
                start.sources.add(new WarmStartSource(network, tokenizer));
                network.config().requireRoomFor(tokenizer.vocabulary(), network.folder());
            }
            opened = true;
            return start;
        } finally {
            if (!opened) {
                start.close();
            }
        }
    }

    /**
     * Opens networks for a run.
     *
     * @param config of the run's networks
     * @throws InputException as {@link #open(List)}, and if one has another shape than the run's
     */
    public static WarmStart open(List<Path> from, ModelConfig config) throws IOException {
        WarmStart start = open(from);
        boolean fits = false;
        try {
            start.requireFits(config);
            fits = true;
            return start;
        } finally {
            if (!fits) {
                start.close();
            }
        }
    }

    /** Returns the networks. */
    SavedPair saved() {
        return saved;
    }

    /** Returns the SHA-256 of all that is read, in lower-case hexadecimal. */
    public String sha256() throws IOException {
        StringBuilder hashes = new StringBuilder();
        for (WarmStartSource source : sources) {
            for (Path file : source.network().files()) {
                hashes.append(Sha256.of(file));
            }
            hashes.append(source.tokenizer().fingerprint());
        }
        return Sha256.of(hashes.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Compares shapes. Numbers of positions, segments and tokens may differ.
     *
     * @throws InputException if a network has another shape than the run's
     */
    void requireFits(ModelConfig config) {
        SavedNetwork discriminator = saved.discriminator();
        if (discriminator != null) {
            requireFits(config, "discriminator", config.discriminator(), discriminator);
        }
        SavedNetwork generator = saved.generator();
        if (generator != null) {
            requireFits(config, "generator", config.generator(), generator);
        }
    }

    private static void requireFits(ModelConfig config, String name, NetworkConfig network, SavedNetwork saved) {
        HuggingFaceConfig theirs = saved.config();
        List<String> settings = new ArrayList<>();
        compare(settings, "model.embedding_size", theirs.embeddingSize(), config.embeddingSize());
        compare(settings, "model.layer_norm_epsilon", theirs.layerNormEpsilon(), config.layerNormEpsilon());
        String prefix = "model." + name + ".";
        compare(settings, prefix + "layers", theirs.network().layers(), network.layers());
        compare(settings, prefix + "hidden_size", theirs.network().hiddenSize(), network.hiddenSize());
        compare(settings, prefix + "heads", theirs.network().heads(), network.heads());
        compare(
                settings,
                prefix + "intermediate_size",
                theirs.network().intermediateSize(),
                network.intermediateSize());
        if (!settings.isEmpty()) {
            throw new InputException(saved.folder() + ": of another shape than this run; expected --set "
                    + String.join(" --set ", settings));
        }
    }

    private static void compare(List<String> settings, String key, Number theirs, Number ours) {
        if (!theirs.equals(ours)) {
            settings.add(key + "=" + theirs);
        }
    }

    /**
     * Writes all that the networks have into a model that has its starting weights.
     *
     * @param tokenizerFolder the tokenizer of the run's data
     * @throws InputException if a tensor is missing, of another shape than its network's configuration says, or holds
     *     numbers that are not finite
     */
    public WarmStartReport apply(Electra model, Path tokenizerFolder) throws IOException {
        try (Tokenizer tokenizer = Tokenizers.load(tokenizerFolder)) {
            sources.forEach(source -> source.begin(tokenizer.vocabulary()));
        }
        List<Entry> entries = new ArrayList<>();
        try (Engine.Scope scope = model.engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            for (Parameter.Part part : model.parameters().parts().values()) {
                String prefix = part.name().substring(0, part.name().indexOf('.') + 1);
                WarmStartSource source = source(prefix);
                entries.add(
                        source == null
                                ? new Entry(Outcome.MADE_ANEW, part.name(), "", "")
                                : load(source, prefix, model, part));
            }
        }
        sources.forEach(source -> entries.addAll(source.leftOut()));
        return new WarmStartReport(entries);
    }

    /** Loads a tensor; of one that is a difference, the table that it makes, which the generator's is taken from. */
    private static Entry load(WarmStartSource source, String prefix, Electra model, Parameter.Part part) {
        if (!EmbeddingTables.isDifference(part.name())) {
            return source.load(part.name().substring(prefix.length()), part);
        }
        Parameter.Part base = EmbeddingTables.base(model.parameters(), part);
        String table = base.name().substring(Generator.PREFIX.length());
        // What there is no row for starts as the generator's is.
        part.tensor().add_(base.tensor());
        Entry entry = source.load(table, part);
        part.tensor().sub_(base.tensor());
        return entry;
    }

    private @Nullable WarmStartSource source(String prefix) {
        SavedNetwork network = switch (prefix) {
            case Discriminator.PREFIX -> saved.discriminator();
            case Generator.PREFIX -> saved.generator();
            case Electra.SHARED -> saved.networks().get(0);
            default -> null; // a head that is made for training alone
        };
        return sources.stream()
                .filter(source -> source.network() == network)
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        sources.forEach(source -> source.tokenizer().close());
        saved.close();
    }
}
