package dev.changeling.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.changeling.config.ConfigLoader;
import dev.changeling.objective.Loss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The losses of the first steps of each member of the family, as they were when it was made: a change that moves one of
 * them is meant, or a mistake. {@code mvn test -Dtest=GoldenCurveTest -Dgolden.write=FOLDER} writes them anew, to be
 * looked at and moved to the resources.
 */
class GoldenCurveTest {
    /** Products on other processors add up in another order. */
    private static final double TOLERANCE = 2e-3;

    static List<String> variants() {
        return ConfigLoader.variants();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void theLossesAreThoseOfTheVariant(String variant) throws IOException {
        Map<String, Double> losses = losses(FamilyRun.of(variant));
        String folder = System.getProperty("golden.write", "");
        if (!folder.isEmpty()) {
            StringBuilder lines = new StringBuilder();
            losses.forEach((name, value) -> lines.append(name).append(String.format(Locale.ROOT, "\t%.6f\n", value)));
            Files.writeString(Path.of(folder).resolve(variant + ".tsv"), lines, StandardCharsets.UTF_8);
            return;
        }
        Map<String, Double> golden = golden(variant);
        assertThat(losses.keySet()).isEqualTo(golden.keySet());
        golden.forEach((name, value) -> assertThat(losses.get(name))
                .as(name)
                .isCloseTo(value, within(TOLERANCE * Math.max(0.1, Math.abs(value)))));
    }

    private static Map<String, Double> losses(FamilyRun run) {
        Map<String, Double> losses = new TreeMap<>();
        for (int step = 0; step < run.outcomes().size(); step++) {
            for (Map.Entry<Loss, Double> loss :
                    run.outcomes().get(step).losses().entrySet()) {
                losses.put(loss.getKey().label() + " " + step, loss.getValue());
            }
        }
        return losses;
    }

    private static Map<String, Double> golden(String variant) throws IOException {
        try (InputStream file = Objects.requireNonNull(
                GoldenCurveTest.class.getResourceAsStream("/golden/" + variant + ".tsv"), variant)) {
            Map<String, Double> golden = new TreeMap<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> golden.put(
                            line.substring(0, line.indexOf('\t')),
                            Double.parseDouble(line.substring(line.indexOf('\t') + 1))));
            return golden;
        }
    }
}
