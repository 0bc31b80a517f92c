package dev.changeling.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exported graphs answer as Hugging Face's classes did, whose numbers lie beside their weights. */
class TransformersParityTest {
    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        "encoder, feature-extraction",
        "detector, replaced-token-detection",
        "text-classifier, text-classification",
        "token-classifier, token-classification"
    })
    void theHeadOfEachArchitecture(String name, String task) throws IOException {
        Path out = temporary.resolve("out");
        OnnxFolders.export(OnnxFolders.fixture(name), out, Task.labelled(task).orElseThrow());
        JsonNode expected = JsonMapper.shared()
                .readTree(Files.readAllBytes(OnnxFolders.fixture(name).resolve("expected.json")));
        long[][] mask = rows(expected.get("attention_mask"));

        OnnxSession.Answer answer;
        try (OnnxSession session = OnnxSession.open(out.resolve(OnnxExport.MODEL))) {
            answer = session.run(rows(expected.get("input_ids")), mask, rows(expected.get("token_type_ids")));
        }

        assertThat(answer.shape()).isEqualTo(row(expected.get("shape")));
        boolean perToken = answer.shape()[1] == mask[0].length;
        int size = answer.values().length / (perToken ? mask.length * mask[0].length : mask.length);
        int compared = 0;
        for (int i = 0; i < answer.values().length; i++) {
            int place = i / size;
            if (!perToken || mask[place / mask[0].length][place % mask[0].length] == 1) {
                assertThat((double) answer.values()[i])
                        .as("value %d", i)
                        .isCloseTo(
                                expected.get("values").get(i).doubleValue(),
                                org.assertj.core.api.Assertions.within(1e-4));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(size * (perToken ? 19 : 3));
    }

    private static long[][] rows(JsonNode node) {
        long[][] rows = new long[node.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(node.get(i));
        }
        return rows;
    }

    private static long[] row(JsonNode node) {
        long[] row = new long[node.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = node.get(i).longValue();
        }
        return row;
    }
}
