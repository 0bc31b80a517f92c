package dev.changeling.task;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.changeling.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SquadReaderTest {
    private static final String CONTEXT = "A \uD83D\uDE00 and a \uD83D\uDC08 sat down.";
    private static final String FILE = """
            {"version": "v2.0", "data": [
              {"title": "Cats", "paragraphs": [
                {"qas": [
                  {"id": "q1", "question": "Who?", "is_impossible": false,
                   "answers": [{"text": "\uD83D\uDC08", "answer_start": 10}, {"text": "sat", "answer_start": 12}]},
                  {"id": "q2", "question": "When?", "is_impossible": true, "plausible_answers": [], "answers": []}
                 ], "context": "A \uD83D\uDE00 and a \uD83D\uDC08 sat down."}]},
              {"paragraphs": []},
              {"paragraphs": [{"context": "Dogs.", "qas": [
                  {"id": "q3", "question": "What?", "answers": [{"answer_start": 0, "text": "Dogs"}]}]}]}
            ], "more": {"data": 1}}
            """;

    @TempDir
    Path folder;

    private List<Question> read(String content) throws IOException {
        return SquadReader.readAll(Files.write(folder.resolve("q.json"), content.getBytes(UTF_8)), true);
    }

    private static String article(String qas) {
        return "{\"data\": [{\"paragraphs\": [{\"context\": \"The cat.\", \"qas\": [" + qas + "]}]}]}";
    }

    private static String answers(String answers) {
        return article("{\"id\": \"x\", \"question\": \"Who?\", \"answers\": [" + answers + "]}");
    }

    private void assertRefused(String content, String message) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.resolve("q.json").toString() + message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void startsCountCodePointsInTheFileAndUtf16UnitsHere() throws IOException {
        List<Question> questions = read(FILE);

        String source = folder.resolve("q.json").toString();
        assertThat(questions)
                .containsExactly(
                        new Question(
                                source,
                                "q1",
                                "Who?",
                                CONTEXT,
                                List.of(new Answer("\uD83D\uDC08", 11), new Answer("sat", 14)),
                                false),
                        new Question(source, "q2", "When?", CONTEXT, List.of(), true),
                        new Question(source, "q3", "What?", "Dogs.", List.of(new Answer("Dogs", 0)), false));
        for (Question question : questions) {
            for (Answer answer : question.answers()) {
                assertThat(question.context().substring(answer.start(), answer.end()))
                        .isEqualTo(answer.text());
            }
        }
    }

    @Test
    void answersAreNotLookedAtWhereNoneAreNeeded() throws IOException {
        Path file = Files.write(
                folder.resolve("q.json.zst"),
                Zstd.compress(article("{\"id\": \"x\", \"question\": \"Who?\"}").getBytes(UTF_8)));
        assertThat(SquadReader.readAll(file, false))
                .containsExactly(new Question(file.toString(), "x", "Who?", "The cat.", List.of(), false));
        assertThatThrownBy(() -> SquadReader.readAll(file, true))
                .isInstanceOf(InputException.class)
                .hasMessage(file + ": data[0].paragraphs[0].qas[0]: no key \"answers\"; found id, question");
    }

    @Test
    void answersThatDoNotStandAtTheirPlaceAreRefused() {
        String place = ": data[0].paragraphs[0].qas[0].answers[0]: ";
        assertRefused(
                answers("{\"text\": \"cat\", \"answer_start\": 3}"),
                place + "\"answer_start\" is 3, where the context has \" ca\"; expected the answer \"cat\"");
        assertRefused(
                answers("{\"text\": \"cat.x\", \"answer_start\": 4}"),
                place + "\"answer_start\" is 4, where the context has \"cat.\"; expected the answer \"cat.x\"");
        assertRefused(
                answers("{\"text\": \"cat\", \"answer_start\": 8}"),
                place + "\"answer_start\" is 8; expected 0 to 7, within the context");
        assertRefused(
                answers("{\"text\": \"cat\", \"answer_start\": -1}"),
                place + "\"answer_start\" is -1; expected 0 to 7");
        assertRefused(
                answers("{\"text\": \"cat\", \"answer_start\": \"4\"}"),
                place + "\"answer_start\" is a string; expected a whole number");
        assertRefused(answers("{\"text\": \"\", \"answer_start\": 4}"), place + "\"text\" is empty");
        assertRefused(answers("{\"text\": \"cat\"}"), place + "no key \"answer_start\"; found text");
        assertRefused(answers("3"), place + "a whole number; expected an object with the key \"text\"");
    }

    @Test
    void impossibleQuestionsHaveNoAnswersAndOthersHave() {
        String place = ": data[0].paragraphs[0].qas[0]: ";
        assertRefused(answers(""), place + "no answers; expected some, or \"is_impossible\": true");
        String answer = "{\"text\": \"cat\", \"answer_start\": 4}";
        assertRefused(
                article("{\"id\": \"x\", \"question\": \"Who?\", \"is_impossible\": true, \"answers\": [" + answer
                        + "]}"),
                place + "1 answers, and \"is_impossible\"; expected none");
        assertRefused(
                article("{\"id\": \"x\", \"question\": \"Who?\", \"is_impossible\": 1, \"answers\": [" + answer + "]}"),
                place + "\"is_impossible\" is a whole number; expected true or false");
    }

    @Test
    void missingKeysNameThePlace() {
        assertRefused("[]", ": not a JSON object; expected {\"data\": [...]}");
        assertRefused("{}", ": no key \"data\"; expected");
        assertRefused("{\"data\": {}}", ": \"data\" is not an array");
        assertRefused("{\"data\": []}", ": no questions in \"data\"");
        assertRefused("{\"data\": [{\"paragraphs\": []}]}", ": no questions in \"data\"");
        assertRefused("{\"data\": [1]}", ": data[0]: a whole number; expected an object with the key \"paragraphs\"");
        assertRefused("{\"data\": [{}]}", ": data[0]: no key \"paragraphs\"; the object is empty");
        assertRefused(
                "{\"data\": [{\"paragraphs\": [{\"qas\": []}]}]}",
                ": data[0].paragraphs[0]: no key \"context\"; found qas");
        assertRefused(
                "{\"data\": [{\"paragraphs\": [{\"context\": \" \", \"qas\": []}]}]}",
                ": data[0].paragraphs[0]: \"context\" is empty");
        assertRefused(
                article("{\"id\": 7, \"question\": \"Who?\", \"answers\": []}"),
                ": data[0].paragraphs[0].qas[0]: \"id\" is a whole number; expected a string");
    }

    @Test
    void anIdThatStandsTwiceIsRefused() {
        String question =
                "{\"id\": \"x\", \"question\": \"Who?\", \"answers\": [{\"text\": \"cat\", \"answer_start\": 4}]}";
        assertRefused(article(question + "," + question), ": data[0].paragraphs[0].qas[1]: id \"x\" stands twice");
    }

    @Test
    void whatIsNoJsonNamesTheLine() throws IOException {
        assertRefused(FILE.substring(0, FILE.length() - 20), ", line ");
        assertRefused("{\"data\": [\n{\"paragraphs\": [}]}", ", line 2, column ");
        assertRefused("", ": not a JSON object");
        assertRefused("{\"data\": [{\"paragraphs\": [], \"paragraphs\": []}]}", ", line 1, column ");
        Path latin = Files.write(
                folder.resolve("l.json"), article("{\"id\": \"\u00E9\"}").getBytes(ISO_8859_1));
        assertThatThrownBy(() -> SquadReader.readAll(latin, true))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(latin + ", line 1: malformed UTF-8");
        Path missing = folder.resolve("none.json");
        assertThatThrownBy(() -> SquadReader.readAll(missing, true))
                .isInstanceOf(InputException.class)
                .hasMessage(missing + ": can't be read: no such file or folder");
    }
}
