package dev.changeling.hub;

import dev.changeling.hub.WarmStartReport.Entry;
import dev.changeling.hub.WarmStartReport.Outcome;
import dev.changeling.model.EmbeddingTables;
import dev.changeling.model.Parameter;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A saved network that a run starts from: gives its tensors, and knows which ones nobody has taken. */
final class WarmStartSource {
    private static final String EMBEDDINGS = EncoderFamily.TRUNK + "embeddings.";
    private static final String WORDS = EmbeddingTables.WORDS;
    private static final String POSITIONS = EMBEDDINGS + "position_embeddings.weight";
    private static final String SEGMENTS = EMBEDDINGS + "token_type_embeddings.weight";
    private static final String OUTPUT_BIAS = "generator_lm_head.bias";

    private final SavedNetwork network;
    private final Tokenizer tokenizer;
    private final Set<String> untaken = new LinkedHashSet<>();
    private @Nullable VocabularyRows rows;

    WarmStartSource(SavedNetwork network, Tokenizer tokenizer) {
        this.network = network;
        this.tokenizer = tokenizer;
    }

    SavedNetwork network() {
        return network;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Begins with all tensors untaken. */
    void begin(Vocabulary vocabulary) {
        untaken.clear();
        untaken.addAll(network.names());
        rows = VocabularyRows.of(tokenizer, vocabulary);
    }

    /** Writes a tensor's numbers into a parameter, if there are any; else the parameter keeps what it has. */
    Entry load(String name, Parameter.Part into) {
        if (!untaken.remove(name)) {
            return new Entry(Outcome.MADE_ANEW, into.name(), "", withoutSource(name, into));
        }
        String note = switch (name) {
            case WORDS -> loadRows(name, into, network.config().embeddingSize());
            case OUTPUT_BIAS -> loadRows(name, into, 1);
            case POSITIONS, SEGMENTS -> loadFirstRows(name, into);
            default -> {
                HostCopy.fromFloats(network.floats(name, into.shape()), into.tensor());
                yield "";
            }
        };
        return new Entry(Outcome.LOADED, into.name(), network.folder().toString(), note);
    }

    /** A head may be missing, and the segments of a family that has none; any other part of a trunk may not. */
    private String withoutSource(String name, Parameter.Part into) {
        if (!name.startsWith(EncoderFamily.TRUNK)) {
            return "";
        }
        if (name.equals(SEGMENTS) && !network.config().family().hasSegments()) {
            into.tensor().zero_();
            return "zeros, since the network has learned without segments";
        }
        throw network.missing(name, into.shape());
    }

    private String loadRows(String name, Parameter.Part into, int width) {
        VocabularyRows chosen = rows;
        if (chosen == null) {
            throw new IllegalStateException("loaded before begin");
        }
        long tokens = network.config().vocabularySize();
        List<Long> shape = into.shape().size() == 1 ? List.of(tokens) : List.of(tokens, (long) width);
        float[] values = HostCopy.toFloats(into.tensor());
        chosen.fill(network.floats(name, shape), values, width);
        HostCopy.fromFloats(values, into.tensor());
        return chosen.isWhole() ? "" : chosen.describe();
    }

    private String loadFirstRows(String name, Parameter.Part into) {
        float[] values = HostCopy.toFloats(into.tensor());
        float[] old = network.floats(name);
        System.arraycopy(old, 0, values, 0, Math.min(old.length, values.length));
        HostCopy.fromFloats(values, into.tensor());
        long ours = into.shape().get(0);
        long theirs = network.shape(name).get(0);
        if (ours == theirs) {
            return "";
        }
        return ours < theirs
                ? String.format(Locale.ROOT, "the first %,d of %,d rows", ours, theirs)
                : String.format(Locale.ROOT, "%,d rows, and %,d made anew", theirs, ours - theirs);
    }

    /** Returns what was not taken since {@link #begin}. */
    List<Entry> leftOut() {
        List<Entry> entries = new ArrayList<>();
        for (String name : untaken) {
            String note = name.startsWith(EMBEDDINGS) ? "the discriminator's are shared" : "";
            entries.add(new Entry(Outcome.LEFT_OUT, name, network.folder().toString(), note));
        }
        for (String name : network.leftOut()) {
            entries.add(new Entry(Outcome.LEFT_OUT, name, network.folder().toString(), ""));
        }
        return entries;
    }
}
