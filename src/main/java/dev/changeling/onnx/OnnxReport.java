package dev.changeling.onnx;

import dev.changeling.evaluation.ReplacedTokenReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an export wrote.
 *
 * @param quantization the number format of its matrices
 * @param bytes of the graph's file
 * @param floatBytes of the same graph in 32-bit floats
 * @param loss what quantisation costs, if that was measured
 */
public record OnnxReport(Quantization quantization, long bytes, long floatBytes, Optional<QuantizationLoss> loss) {

    /** Writes what quantisation changed, as JSON. */
    void write(Path file) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", quantization.name().toLowerCase(Locale.ROOT));
        json.put("bytes", bytes);
        json.put("float32_bytes", floatBytes);
        json.put("measured", loss.isPresent());
        loss.ifPresent(measured -> {
            json.put("replacements", measured.replacements());
            json.put("tokens", measured.before().tokens());
            json.put("float32", scores(measured.before()));
            json.put("quantized", scores(measured.after()));
        });
        String text = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        Files.writeString(file, text + "\n", StandardCharsets.UTF_8);
    }

    private static Map<String, Double> scores(ReplacedTokenReport report) {
        Map<String, Double> scores = new LinkedHashMap<>();
        scores.put("rtd_loss", report.loss());
        scores.put("rtd_auc", report.auc());
        return scores;
    }
}
