package dev.changeling.hub;

import dev.changeling.error.InputException;
import dev.changeling.model.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a folder of sentence-transformers' form says about making one vector of a text: {@code modules.json},
 * {@code 1_Pooling/config.json} (that of version 6 and those before it) and {@code sentence_bert_config.json}. A folder
 * without these files says nothing.
 *
 * @param pooling how tokens are joined, if the folder says
 * @param normalizes whether vectors are scaled to length 1
 * @param maximumLength where texts are cut, in tokens, if the folder says
 */
public record SentenceModules(Optional<Pooling> pooling, boolean normalizes, OptionalInt maximumLength) {
    private static final String MODULES = "modules.json";
    private static final String POOLING_FOLDER = "1_Pooling";
    private static final String TRANSFORMER = "sentence_bert_config.json";
    private static final Map<String, Pooling> MODES = Map.of("cls", Pooling.CLS, "mean", Pooling.MEAN);

    /** The names of the switches that configurations had before version 6, and the modes that they stand for. */
    private static final Map<String, String> SWITCHES = Map.of(
            "pooling_mode_cls_token", "cls",
            "pooling_mode_mean_tokens", "mean",
            "pooling_mode_max_tokens", "max",
            "pooling_mode_mean_sqrt_len_tokens", "mean_sqrt_len_tokens",
            "pooling_mode_weightedmean_tokens", "weightedmean",
            "pooling_mode_lasttoken", "lasttoken");

    /**
     * Reads what the folder says.
     *
     * @throws InputException if a file is damaged, or asks for what isn't known here
     * @throws IOException if a file can't be read
     */
    public static SentenceModules read(Path folder) throws IOException {
        return new SentenceModules(
                pooling(folder.resolve(POOLING_FOLDER).resolve("config.json")),
                normalizes(folder.resolve(MODULES)),
                maximumLength(folder.resolve(TRANSFORMER)));
    }

    private static Optional<Pooling> pooling(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonSettings settings = JsonSettings.read(file, "a pooling's config.json");
        if (settings.has("pooling_mode")) {
            return Optional.of(settings.oneOf("pooling_mode", MODES));
        }
        List<String> modes = SWITCHES.keySet().stream()
                .filter(name -> settings.flag(name, false))
                .map(name -> SWITCHES.getOrDefault(name, name))
                .sorted()
                .toList();
        if (modes.size() != 1 || !MODES.containsKey(modes.get(0))) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s: pooling by %s; expected cls or mean",
                    file,
                    modes.isEmpty() ? "nothing" : String.join(" and ", modes)));
        }
        return Optional.of(MODES.get(modes.get(0)));
    }

    private static boolean normalizes(Path file) throws IOException {
        boolean normalizes = false;
        if (Files.exists(file)) {
            for (JsonSettings module : JsonSettings.readList(file, "sentence-transformers' modules.json")) {
                String type = module.text("type");
                String name = type.substring(type.lastIndexOf('.') + 1);
                boolean isKnown = name.equals("Transformer")
                        || name.equals("Normalize")
                        || (name.equals("Pooling") && module.text("path").equals(POOLING_FOLDER));
                if (!isKnown) {
                    throw new InputException(String.format(
                            Locale.ROOT,
                            "%s: a module %s; expected Transformer, Pooling in %s, and perhaps Normalize",
                            file,
                            type,
                            POOLING_FOLDER));
                }
                normalizes |= name.equals("Normalize");
            }
        }
        return normalizes;
    }

    private static OptionalInt maximumLength(Path file) throws IOException {
        if (!Files.exists(file)) {
            return OptionalInt.empty();
        }
        JsonSettings settings = JsonSettings.read(file, "a sentence_bert_config.json");
        return settings.has("max_seq_length")
                ? OptionalInt.of(settings.positive("max_seq_length"))
                : OptionalInt.empty();
    }

    /**
     * Writes the files beside a network's. The pooling is in the form from before version 6, which all versions read.
     *
     * @param width H, of the vectors
     */
    void write(Path folder, int width) throws IOException {
        List<Map<String, Object>> modules = new ArrayList<>();
        modules.add(module(0, "", "Transformer"));
        modules.add(module(1, POOLING_FOLDER, "Pooling"));
        if (normalizes) {
            modules.add(module(2, "2_Normalize", "Normalize"));
        }
        writeJson(folder.resolve(MODULES), modules);
        if (pooling.isPresent()) {
            Map<String, Object> settings = new LinkedHashMap<>();
            settings.put("word_embedding_dimension", width);
            settings.put("pooling_mode_cls_token", pooling.get() == Pooling.CLS);
            settings.put("pooling_mode_mean_tokens", pooling.get() == Pooling.MEAN);
            writeJson(Files.createDirectory(folder.resolve(POOLING_FOLDER)).resolve("config.json"), settings);
        }
        if (maximumLength.isPresent()) {
            writeJson(folder.resolve(TRANSFORMER), Map.of("max_seq_length", maximumLength.getAsInt()));
        }
    }

    private static Map<String, Object> module(int number, String path, String type) {
        Map<String, Object> module = new LinkedHashMap<>();
        module.put("idx", number);
        module.put("name", Integer.toString(number));
        module.put("path", path);
        module.put("type", "sentence_transformers.models." + type);
        return module;
    }

    private static void writeJson(Path file, Object content) throws IOException {
        String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(content);
        Files.writeString(file, text + "\n", StandardCharsets.UTF_8);
    }
}
