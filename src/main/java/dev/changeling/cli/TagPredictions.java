package dev.changeling.cli;

import dev.changeling.inference.TaggedText;
import dev.changeling.inference.TaggedWord;
import dev.changeling.inference.Tagger;
import dev.changeling.server.Service;
import dev.changeling.server.TextInput;
import dev.changeling.task.ConllColumns;
import dev.changeling.task.ConllReader;
import dev.changeling.task.TagScheme;
import dev.changeling.task.TaggedSentence;
import dev.changeling.task.WordTags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
    public Service.@Nullable Companion companion() {
        return null;
    }

    @Override
    public List<Map<String, Object>> of(List<TextInput> inputs) {
        return tagger.tagTexts(inputs.stream().map(TextInput::text).toList()).stream()
                .map(TagPredictions::row)
                .toList();
    }

    private static Map<String, Object> row(TaggedText tagged) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("text", tagged.text());
        row.putAll(row(
                tagged.words().stream().map(TaggedWord::text).toList(),
                tagged.words().stream()
                        .map(word -> new WordTags.Tag(word.tag(), word.probability()))
                        .toList()));
        row.put(
                "offsets",
                tagged.words().stream()
                        .map(word -> List.of(word.start(), word.end()))
                        .toList());
        if (tagged.scheme() == TagScheme.SPANS) {
            row.put("spans", tagged.spans());
        }
        return row;
    }

    private List<Map<String, Object>> rows(List<List<String>> sentences) {
        List<List<WordTags.Tag>> tags = tagger.tag(sentences);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < sentences.size(); i++) {
            rows.add(row(sentences.get(i), tags.get(i)));
        }
        return rows;
    }

    private static Map<String, Object> row(List<String> words, List<WordTags.Tag> tags) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("words", words);
        row.put("tags", tags.stream().map(WordTags.Tag::name).toList());
        row.put("probabilities", tags.stream().map(WordTags.Tag::probability).toList());
        return row;
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
