package dev.changeling.cli;

import dev.changeling.inference.Tagger;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.ConllReader;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.WordTags;
import java.io.IOException;
import java.nio.file.Path;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tags of the words of sentences.
 *
 * @param tagger what is asked
 */
record TagPredictions(Tagger tagger) implements Predictions {

    static TagPredictions open(Path model) throws IOException {
        return new TagPredictions(Tagger.load(model));
    }

    @Override
    public List<Map<String, Object>> of(List<String> texts) {
        return rows(texts.stream().map(TagPredictions::words).toList());
    }

    /** Returns the words and punctuation marks of a text, by Unicode's rules. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
        breaks.setText(text);
        int from = breaks.first();
        for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
            String word = text.substring(from, to);
            if (!word.isBlank()) {
                words.add(word);
            }
            from = to;
        }
        return words;
    }

    private List<Map<String, Object>> rows(List<List<String>> sentences) {
        List<List<WordTags.Tag>> tags = tagger.tag(sentences);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("words", sentences.get(i));
            row.put("tags", tags.get(i).stream().map(WordTags.Tag::name).toList());
            row.put(
                    "probabilities",
                    tags.get(i).stream().map(WordTags.Tag::probability).toList());
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void read(Path file, List<String> columns, int chunk, Consumer<Map<String, Object>> rows)
            throws IOException {
        try (ConllReader reader = ConllReader.open(file, new ConllColumns(0, ConllColumns.LAST, TagScheme.NONE))) {
            List<List<String>> sentences = new ArrayList<>();
            for (TaggedSentence sentence = reader.next(); sentence != null; sentence = reader.next()) {
                sentences.add(sentence.words());
                if (sentences.size() == chunk) {
                    rows(sentences).forEach(rows);
                    sentences.clear();
                }
            }
            rows(sentences).forEach(rows);
        }
    }

    /** Returns a word and its tag a line, and an empty line: CoNLL columns. */
    @Override
    public String line(Map<String, Object> row) {
        List<?> words = (List<?>) row.getOrDefault("words", List.of());
        List<?> tags = (List<?>) row.getOrDefault("tags", List.of());
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            lines.append(words.get(i)).append('\t').append(tags.get(i)).append(System.lineSeparator());
        }
        return lines.toString();
    }

    @Override
    public void close() {
        tagger.close();
    }
}
