package dev.changeling.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.TestExports;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.Pretrained;
import dev.changeling.model.Discriminator;
import dev.changeling.model.ReplacedTokenScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class DetectorTest {
    private static final String SENTENCE = "The  OLD cat sat, unlikely.";

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 8);
    }

    private Detector detector() throws IOException {
        return Detector.load(folder, TestExports.engine());
    }

    @Test
    void tokensStandWhereTheyAreInTheText() throws IOException {
        try (Detector detector = detector()) {
            Detection detection = detector.detect(SENTENCE);
            assertThat(detection.text()).isEqualTo(SENTENCE);
            assertThat(detection.tokens())
                    .extracting(DetectedToken::text)
                    .containsExactly("The", "OLD", "cat", "sat", ",", "un", "like", "ly", ".");
            assertThat(detection.tokens()).allSatisfy(token -> {
                assertThat(SENTENCE.substring(token.start(), token.end())).isEqualTo(token.text());
            });
            assertThat(detection.words())
                    .extracting(DetectedWord::text)
                    .containsExactly("The", "OLD", "cat", "sat", ",", "unlikely", ".");
        }
    }

    @Test
    void probabilitiesAreTheDiscriminators() throws IOException {
        try (Detector detector = detector();
                Pretrained<Discriminator> read = HuggingFaceImport.readDiscriminator(folder, TestExports.engine())) {
            float[] logits = ReplacedTokenScorer.of(read.model(), read.padding())
                    .score(List.of(new int[] {2, 5, 6, 7, 8, 1, 13, 14, 15, 12, 3}))
                    .get(0);
            List<DetectedToken> tokens = detector.detect(SENTENCE).tokens();
            for (int i = 0; i < tokens.size(); i++) {
                assertThat(tokens.get(i).replaced()).isCloseTo(1 / (1 + Math.exp(-logits[i + 1])), within(1e-12));
            }
            // The test would pass on a network that says the same of every token.
            assertThat(tokens).extracting(DetectedToken::replaced).doesNotHaveDuplicates();
        }
    }

    @Test
    void aLongTextIsJudgedWindowByWindow() throws IOException {
        String text = "the old cat sat on a mat. ".repeat(20);
        try (Detector detector = detector();
                Pretrained<Discriminator> read = HuggingFaceImport.readDiscriminator(folder, TestExports.engine())) {
            List<DetectedToken> tokens = detector.detect(text).tokens();
            assertThat(tokens).hasSize(160);
            for (int i = 1; i < tokens.size(); i++) {
                assertThat(tokens.get(i).start())
                        .isGreaterThanOrEqualTo(tokens.get(i - 1).end());
            }
            // The window is 14 tokens wide; its last three here belong to the next one.
            int[] first = {2, 5, 6, 7, 8, 9, 10, 11, 12, 5, 6, 7, 8, 9, 10, 3};
            float[] logits = ReplacedTokenScorer.of(read.model(), read.padding())
                    .score(List.of(first))
                    .get(0);
            for (int i = 0; i < 11; i++) {
                assertThat(tokens.get(i).replaced()).isCloseTo(1 / (1 + Math.exp(-logits[i + 1])), within(1e-6));
            }
            assertThat(tokens.get(11).replaced()).isNotCloseTo(1 / (1 + Math.exp(-logits[12])), within(1e-6));
        }
    }

    @Test
    void textsAreJudgedEachByItself() throws IOException {
        List<String> texts = List.of(SENTENCE, "", "a mat", "the old cat sat on a mat. ".repeat(5), " \n", "cat");
        try (Detector detector = detector()) {
            List<Detection> together = detector.detect(texts);
            assertThat(together).hasSameSizeAs(texts);
            for (int i = 0; i < texts.size(); i++) {
                List<DetectedToken> alone = detector.detect(texts.get(i)).tokens();
                List<DetectedToken> tokens = together.get(i).tokens();
                assertThat(tokens).hasSameSizeAs(alone);
                for (int j = 0; j < alone.size(); j++) {
                    assertThat(tokens.get(j).text()).isEqualTo(alone.get(j).text());
                    assertThat(tokens.get(j).replaced()).isCloseTo(alone.get(j).replaced(), within(1e-6));
                }
            }
            assertThat(together.get(1).tokens()).isEmpty();
            assertThat(together.get(4).words()).isEmpty();
            assertThat(detector.detect(List.of())).isEmpty();
        }
    }

    @Test
    void severalThreadsGetWhatOneGets() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Detector detector = detector()) {
            Detection expected = detector.detect(SENTENCE);
            List<Future<Detection>> detections = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                detections.add(threads.submit(() -> detector.detect(SENTENCE)));
            }
            for (Future<Detection> detection : detections) {
                assertThat(detection.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aClosedDetectorSaysSo() throws IOException {
        Detector detector = detector();
        detector.close();
        detector.close();
        assertThatThrownBy(() -> detector.detect(SENTENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the detector is closed");
    }

    @Test
    void aDetectionIsPlainJson() {
        Detection detection = new Detection(
                "a", List.of(new DetectedToken("a", 0, 1, 0.25)), List.of(new DetectedWord("a", 0, 1, 0.25)));
        assertThat(JsonMapper.shared().writeValueAsString(detection))
                .isEqualTo("{\"text\":\"a\",\"tokens\":[{\"text\":\"a\",\"start\":0,\"end\":1,\"replaced\":0.25}],"
                        + "\"words\":[{\"text\":\"a\",\"start\":0,\"end\":1,\"replaced\":0.25}]}");
    }
}
