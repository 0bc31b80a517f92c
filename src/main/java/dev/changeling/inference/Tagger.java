package dev.changeling.inference;

import dev.changeling.batch.Sequence;
import dev.changeling.config.TrainingConfig.Device;
import dev.changeling.config.TrainingConfig.Precision;
import dev.changeling.error.InputException;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.task.TagScheme;
import dev.changeling.task.WordSequence;
import dev.changeling.task.WordTags;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tags the words of sentences: what fine-tuning has made of an encoder for token classification. Safe for use by
 * several threads; {@link #close} waits for those that are at work, and frees the native memory.
 */
public final class Tagger implements AutoCloseable {
    private final FineTunedNetwork network;

    private Tagger(FineTunedNetwork network) {
        this.network = network;
    }

    /**
     * Opens the folder of a fine-tuned network, on CUDA if there is one, else on all cores.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is no tagger
     * @throws IOException if a file can't be read
     */
    public static Tagger load(Path folder) throws IOException {
        return load(folder, Engine.start(Device.AUTO, Precision.FLOAT32, 0));
    }

    /**
     * Opens the folder of a fine-tuned network.
     *
     * @throws InputException as {@link TaskFolder#read} does, and if the network is no tagger
     * @throws IOException if a file can't be read
     */
    public static Tagger load(Path folder, Engine engine) throws IOException {
        return new Tagger(FineTunedNetwork.load(folder, engine, "tagger", EnumSet.of(TaskKind.TAGGING)));
    }

    /** Returns the tags, in the order of their ids. */
    public List<String> labels() {
        return network.labels();
    }

    /**
     * Returns a tag for each word of each sentence. A sentence that is longer than the network takes is cut between
     * words, and its parts are tagged one by one.
     *
     * @param sentences as words, at least one each
     * @throws IllegalStateException if the tagger is closed
     */
    public List<List<WordTags.Tag>> tag(List<List<String>> sentences) {
        return network.use(() -> {
            List<List<WordSequence>> parts = sentences.stream()
                    .map(words -> WordSequence.of(words, network.tokenizer(), network.sequences()))
                    .toList();
            List<Sequence> sequences = parts.stream()
                    .flatMap(List::stream)
                    .map(WordSequence::sequence)
                    .toList();
            List<float[]> outputs = network.outputs(sequences);
            List<List<WordTags.Tag>> tags = new ArrayList<>();
            int next = 0;
            for (List<WordSequence> ofSentence : parts) {
                tags.add(WordTags.of(ofSentence, outputs.subList(next, next + ofSentence.size()), network.labels()));
                next += ofSentence.size();
            }
            return tags;
        });
    }

    /**
     * Returns what the words of a text are. A word is a run of letters, marks and digits, with apostrophes and hyphens
     * inside; a number, with points, commas, colons and slashes inside; an ideograph; or any other visible character,
     * with all that belongs to it, such as an emoji of several code points. A tagger that was taught words of another
     * kind is better asked by {@link #tag}.
     *
     * @throws IllegalStateException if the tagger is closed
     */
    public TaggedText tagText(String text) {
        return tagTexts(List.of(text)).get(0);
    }

    /**
     * Returns what the words of texts are, see {@link #tagText}, in their order.
     *
     * @throws IllegalStateException if the tagger is closed
     */
    public List<TaggedText> tagTexts(List<String> texts) {
        List<List<TaggedText.Word>> words =
                texts.stream().map(TaggedText.Word::of).toList();
        List<List<WordTags.Tag>> tags = tag(words.stream()
                .map(ofText -> ofText.stream().map(TaggedText.Word::text).toList())
                .toList());
        TagScheme scheme = TagScheme.of(labels());
        return IntStream.range(0, texts.size())
                .mapToObj(i -> new TaggedText(
                        texts.get(i),
                        IntStream.range(0, words.get(i).size())
                                .mapToObj(word -> words.get(i)
                                        .get(word)
                                        .tagged(tags.get(i).get(word)))
                                .toList(),
                        scheme))
                .toList();
    }

    @Override
    public void close() {
        network.close();
    }
}
