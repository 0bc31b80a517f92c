package dev.changeling.task;

import java.util.ArrayList;
import java.util.List;

/** Reads the tags of words out of what a network says of tokens. */
public final class WordTags {
    private WordTags() {}

    /**
     * What a word is.
     *
     * @param name the likeliest tag
     * @param probability of it, from 0 to 1
     */
    public record Tag(String name, double probability) {}

    /**
     * Returns a tag for each word of a sentence. A word of which the tokenizer makes nothing gets {@code O}, or the
     * first tag where there is no {@code O}.
     *
     * @param parts of the sentence, together all its words
     * @param logits of each part, K numbers a token
     * @param names of the K tags
     */
    public static List<Tag> of(List<WordSequence> parts, List<float[]> logits, List<String> names) {
        List<Tag> tags = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            for (int token : parts.get(part).tokens()) {
                if (token < 0) {
                    tags.add(new Tag(names.contains("O") ? "O" : names.get(0), 0));
                } else {
                    float[] probabilities =
                            Probabilities.ofOne(logits.get(part), token * names.size(), (token + 1) * names.size());
                    int best = Probabilities.highest(probabilities);
                    tags.add(new Tag(names.get(best), probabilities[best]));
                }
            }
        }
        return tags;
    }
}
