package dev.changeling.corpus;

import dev.changeling.error.InputException;
import java.util.List;

/**
 * The 45 topics of WordNet: the lexicographers' files that synsets stand in, in the order of their numbers (manual page
 * {@code lexnames(5WN)}).
 */
final class WordNetTopics {
    private static final List<String> NAMES = List.of(
            "adj.all",
            "adj.pert",
            "adv.all",
            "noun.Tops",
            "noun.act",
            "noun.animal",
            "noun.artifact",
            "noun.attribute",
            "noun.body",
            "noun.cognition",
            "noun.communication",
            "noun.event",
            "noun.feeling",
            "noun.food",
            "noun.group",
            "noun.location",
            "noun.motive",
            "noun.object",
            "noun.person",
            "noun.phenomenon",
            "noun.plant",
            "noun.possession",
            "noun.process",
            "noun.quantity",
            "noun.relation",
            "noun.shape",
            "noun.state",
            "noun.substance",
            "noun.time",
            "verb.body",
            "verb.change",
            "verb.cognition",
            "verb.communication",
            "verb.competition",
            "verb.consumption",
            "verb.contact",
            "verb.creation",
            "verb.emotion",
            "verb.motion",
            "verb.perception",
            "verb.possession",
            "verb.social",
            "verb.stative",
            "verb.weather",
            "adj.ppl");

    private WordNetTopics() {}

    /**
     * Returns the topic of a synset.
     *
     * @param synset a line of a data file, whose second field is the number (manual page {@code wndb(5WN)})
     * @throws InputException if there is no such number
     */
    static String ofSynset(String synset, String source, long line) {
        String[] fields = synset.split(" ", 3);
        String number = fields.length < 2 ? "" : fields[1];
        if (!number.matches("[0-9]{2}") || Integer.parseInt(number) >= NAMES.size()) {
            throw new InputException(source + ", line " + line + ": lexicographer's file \"" + number
                    + "\"; expected a number from 00 to " + (NAMES.size() - 1));
        }
        return NAMES.get(Integer.parseInt(number));
    }
}
