package dev.changeling.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.changeling.TestExports;
import dev.changeling.error.InputException;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsFile;
import dev.changeling.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that lie: each is refused in one line that names it, before memory is taken for what it claims. */
class HostileFolderTest {
    private static final int ROUNDS = 300;
    /** A value of JSON without values in it. */
    private static final Pattern VALUE = Pattern.compile("(?<=[:\\[,])\\s*(\"[^\"]*\"|-?[0-9][0-9.eE+-]*|true|null)");

    private static final List<String> HOSTILE = List.of(
            "-1",
            "0",
            "1",
            "2",
            "25",
            "1e999",
            "-1e999",
            "0.5",
            "1000000000",
            "2147483647",
            "2147483648",
            "4294967296",
            "9223372036854775807",
            "1" + "0".repeat(400),
            "-1" + "0".repeat(400),
            "null",
            "true",
            "[]",
            "{}",
            "\"\"",
            "\"gelu\"",
            "\"../config.json\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"\\u001b[31m\\n\"",
            "[".repeat(600),
            "}");

    @TempDir
    Path temporary;

    private Path folder;
    private Path weights;

    @BeforeEach
    void export() throws IOException {
        folder = TestExports.write(temporary, 5);
        weights = folder.resolve("model.safetensors");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> SavedNetwork.open(folder).close())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder.toString())
                .hasMessageContaining(message);
    }

    private void setting(String key, String value) throws IOException {
        Path config = folder.resolve("config.json");
        String before = Files.readString(config);
        String after =
                before.replaceFirst("\"" + key + "\" : [^,]+", Matcher.quoteReplacement("\"" + key + "\" : " + value));
        assertThat(after).isNotEqualTo(before);
        Files.writeString(config, after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hidden_dropout_prob          | 1     | hidden_dropout_prob: 1; expected a number from 0 and below 1
            attention_probs_dropout_prob | 1e999 | expected a number from 0 and below 1
            layer_norm_eps               | 0     | layer_norm_eps: 0; expected a number above 0
            initializer_range            | 1e999 | expected a number above 0
            """)
    void aSettingThatNoRunTakesIsRefused(String key, String value, String message) throws IOException {
        setting(key, value);
        refused(message);
    }

    @Test
    void aNumberOfHundredsOfDigitsIsRefused() throws IOException {
        setting("layer_norm_eps", "1" + "0".repeat(400));
        refused("expected a number above 0");
    }

    @Test
    void aConfigurationWithoutEndIsRefused() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{" + " ".repeat(JsonSettings.LONGEST) + "}");
        refused("config.json: longer than 8388608 bytes; expected a Hugging Face config.json");
        Files.writeString(folder.resolve("config.json"), "{\"a\":" + "[".repeat(100_000));
        refused("config.json: not JSON; expected a Hugging Face config.json");
    }

    /** The last layer alone would let a small file ask for any number of layers. */
    @Test
    void everyLayerIsLookedForBeforeMemoryIsTaken() throws IOException {
        List<NamedArray> arrays = new ArrayList<>(SafetensorsFile.readAll(weights));
        NamedArray last = arrays.stream()
                .filter(array -> array.name().endsWith("layer.1.intermediate.dense.weight"))
                .findFirst()
                .orElseThrow();
        arrays.add(new NamedArray(
                last.name().replace(".1.", ".999999999."),
                last.type(),
                last.shape(),
                last.data().duplicate()));
        rewrite(arrays);
        setting("num_hidden_layers", "1000000000");
        refused("has no tensor electra.encoder.layer.2.attention.self.query.weight");
    }

    /** Two of a layer's sizes are quadratic in H, and so large where the others are small. */
    @Test
    void aWidthIsComparedWithAMatrixOfThatWidth() throws IOException {
        List<NamedArray> arrays = new ArrayList<>(SafetensorsFile.readAll(weights));
        arrays.removeIf(array -> array.name().contains("encoder.layer.0.intermediate.dense.weight")
                || array.name().equals("electra.embeddings_project.weight"));
        arrays.add(zeros("electra.encoder.layer.0.intermediate.dense.weight", 1, 30_000));
        arrays.add(zeros("electra.embeddings_project.weight", 30_000, 16));
        rewrite(arrays);
        setting("hidden_size", "30000");
        setting("intermediate_size", "1");
        setting("num_hidden_layers", "1");
        refused("layer.0.attention.self.query.weight: shape [24, 24]; expected [30000, 30000]");
    }

    private static NamedArray zeros(String name, int rows, int columns) {
        return new NamedArray(
                name, NamedArray.Type.U8, List.of((long) rows, (long) columns), ByteBuffer.allocate(rows * columns));
    }

    private void rewrite(List<NamedArray> arrays) throws IOException {
        Path changed = folder.resolve("changed");
        SafetensorsWriter.write(changed, arrays, Map.of());
        Files.move(changed, weights, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aFileNameThatNoPathCanBeIsRefused() throws IOException {
        Path index = index();
        Files.writeString(index, "{\"weight_map\":{\"a\":\"\\ud800\"}}");
        refused("expected the name of a file in the same folder");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"\\u001b[31m\"}}");
        refused("expected the name of a file in the same folder");
    }

    /** Turns the one file of weights into one of several, and returns their index. */
    private Path index() throws IOException {
        Path shard = folder.resolve("model-00001-of-00001.safetensors");
        Files.move(weights, shard);
        StringBuilder map = new StringBuilder();
        for (NamedArray array : SafetensorsFile.readAll(shard)) {
            map.append(map.isEmpty() ? "" : ",")
                    .append('"')
                    .append(array.name())
                    .append("\":\"")
                    .append(shard.getFileName())
                    .append('"');
        }
        return Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + map + "}}");
    }

    @Test
    void anyConfigurationIsReadOrRefused() throws IOException {
        Path config = folder.resolve("config.json");
        fuzz(config, Files.readAllBytes(config), content -> content);
    }

    @Test
    void anyIndexIsReadOrRefused() throws IOException {
        Path index = index();
        fuzz(index, Files.readAllBytes(index), content -> content);
    }

    @Test
    void anyHeaderOfSafetensorsIsReadOrRefused() throws IOException {
        ByteBuffer whole = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) whole.getLong();
        byte[] header = Arrays.copyOfRange(whole.array(), 8, 8 + length);
        byte[] data = Arrays.copyOfRange(whole.array(), 8 + length, whole.capacity());
        fuzz(
                weights,
                header,
                changed -> ByteBuffer.allocate(8 + changed.length + data.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(changed.length)
                        .put(changed)
                        .put(data)
                        .array());
    }

    private interface Framing {
        byte[] file(byte[] json);
    }

    private void fuzz(Path file, byte[] json, Framing framing) throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(file, framing.file(damage(json, random)));
            try {
                SavedNetwork.open(folder).close();
            } catch (InputException e) {
                refused++;
                assertThat(e.getMessage()).as("seed %d, round %d", seed, round).startsWith(folder.toString());
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(ROUNDS / 10);
    }

    /** Puts hostile values in the place of others, or else bytes in the place of bytes, or cuts the end off. */
    private static byte[] damage(byte[] json, Random random) {
        if (random.nextInt(4) == 0) {
            byte[] damaged = random.nextBoolean() ? Arrays.copyOf(json, random.nextInt(json.length)) : json.clone();
            if (damaged.length > 0) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            return damaged;
        }
        String text = new String(json, StandardCharsets.UTF_8);
        int values = (int) VALUE.matcher(text).results().count();
        int chosen = random.nextInt(values);
        int[] at = {0};
        String hostile = HOSTILE.get(random.nextInt(HOSTILE.size()));
        return VALUE.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(at[0]++ == chosen ? hostile : match.group()))
                .getBytes(StandardCharsets.UTF_8);
    }
}
