package dev.changeling.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.changeling.training.StepOutcome;
import dev.changeling.training.TrainingParity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Writes the tables of docs/parity.md to target/parity.md. The last digits depend on the processor, so the page is held
 * to the rows and columns alone; the limits are held by the other tests.
 */
class ParityPageTest {
    private static final Path WRITTEN = Path.of("target", "parity.md");
    private static final Path PAGE = Path.of("docs", "parity.md");

    @Test
    void thePageHasTheTablesThatThisWrites() throws Exception {
        Map<Architecture, Map<String, ModelParity>> models = new LinkedHashMap<>();
        for (Architecture architecture : Architecture.values()) {
            Map<String, ModelParity> byShape = new LinkedHashMap<>();
            for (String shape : ModelParity.SHAPES) {
                byShape.put(shape, ModelParity.of(architecture, shape));
            }
            models.put(architecture, byShape);
        }
        List<String> tables = List.of(forward(models), gradients(models), training("google"), training("adamw"));
        Files.createDirectories(WRITTEN.getParent());
        Files.writeString(WRITTEN, String.join("\n", tables));
        for (String table : tables) {
            assertThat(withoutNumbers(Files.readString(PAGE))).contains(withoutNumbers(table));
        }
    }

    private static String withoutNumbers(String text) {
        return text.replaceAll("\\d\\.\\d+e[-+]\\d+|\\d+\\.\\d+|(?<=\\| )0(?= \\|)", "#");
    }

    private static String forward(Map<Architecture, Map<String, ModelParity>> models) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(headed("largest absolute error of a logit", ModelParity.SHAPES.stream()));
        models.forEach((architecture, byShape) -> rows.add(
                headed("`" + architecture + "`", byShape.values().stream().map(parity -> number(parity.logits())))));
        return table(rows);
    }

    private static String gradients(Map<Architecture, Map<String, ModelParity>> models) {
        List<String> groups = models.values().stream()
                .flatMap(byShape -> byShape.values().stream())
                .flatMap(parity -> parity.gradients().keySet().stream())
                .map(ParityPageTest::group)
                .distinct()
                .toList();
        List<List<String>> rows = new ArrayList<>();
        rows.add(headed("largest relative error of a gradient", ModelParity.SHAPES.stream()));
        for (String group : groups) {
            rows.add(headed(
                    "`" + group + "`",
                    ModelParity.SHAPES.stream()
                            .map(shape ->
                                    largest(models.values().stream().map(byShape -> byShape.get(shape)), group))));
        }
        return table(rows);
    }

    private static String group(String tensor) {
        return tensor.replaceAll("layer\\.\\d+", "layer.N").replaceAll("\\.(weight|bias)$", "");
    }

    private static String largest(Stream<ModelParity> ofAllArchitectures, String group) {
        return ofAllArchitectures
                .flatMap(parity -> parity.gradients().entrySet().stream())
                .filter(entry -> group(entry.getKey()).equals(group))
                .map(Map.Entry::getValue)
                .max(Double::compare)
                .map(ParityPageTest::number)
                .orElse("–");
    }

    private static String training(String optimizer) {
        TrainingParity parity = TrainingParity.of(optimizer, TrainingParity.Layout.PADDED);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                optimizer + ", step",
                "total loss",
                "reference",
                "relative error",
                "of L_MLM",
                "of L_RTD",
                "of the gradient's norm"));
        for (int i = 0; i < parity.ours().size(); i++) {
            StepOutcome ours = parity.ours().get(i);
            StepOutcome reference = parity.reference().get(i);
            rows.add(List.of(
                    "step " + (i + 1),
                    String.format(Locale.ROOT, "%.6f", ours.loss()),
                    String.format(Locale.ROOT, "%.6f", reference.loss()),
                    number(Deviation.relative(ours.loss(), reference.loss())),
                    number(Deviation.relative(ours.mlmLoss(), reference.mlmLoss())),
                    number(Deviation.relative(ours.rtdLoss(), reference.rtdLoss())),
                    number(Deviation.relative(ours.gradientNorm(), reference.gradientNorm()))));
        }
        double weights =
                parity.movement().values().stream().max(Double::compare).orElseThrow();
        return table(rows) + "\nWeights after " + parity.ours().size() + " steps: largest error " + number(weights)
                + " of the furthest that a weight of the tensor went.\n";
    }

    private static String number(double error) {
        return error == 0 ? "0" : String.format(Locale.ROOT, "%.1e", error);
    }

    private static List<String> headed(String head, Stream<String> cells) {
        return Stream.concat(Stream.of(head), cells).toList();
    }

    private static String table(List<List<String>> rows) {
        StringBuilder table = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            table.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                table.append("|---".repeat(rows.get(0).size())).append("|\n");
            }
        }
        return table.toString();
    }
}
