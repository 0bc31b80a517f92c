package dev.changeling.onnx;

import dev.changeling.TestExports;
import dev.changeling.config.ModelConfig;
import dev.changeling.evaluation.ReplacedSequences;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.model.Electra;
import dev.changeling.model.Initialization;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders to export, and their exports, for tests. */
final class OnnxFolders {
    private OnnxFolders() {}

    /** Returns a folder that Hugging Face's library wrote: bench/reference/make_onnx_fixtures.py. */
    static Path fixture(String name) {
        try {
            URL config = Objects.requireNonNull(OnnxFolders.class.getResource(name + "/config.json"));
            return Path.of(config.toURI()).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a copy of such a folder that a test may damage. */
    static Path copy(String name, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(fixture(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    static Electra model(ModelConfig config, long seed) {
        Electra model = new Electra(
                TestExports.engine(), config, TestExports.vocabulary().size());
        Initialization.apply(model, config, seed);
        return model;
    }

    /** Returns the folder of a model's discriminator. */
    static Path discriminator(Electra model, ModelConfig config, Path temporary) throws IOException {
        Path tokenizer = TestExports.tokenizer(temporary.resolve("tokenizer"));
        Path export = temporary.resolve("networks");
        HuggingFaceExport.write(export, model, config, tokenizer, config.maxPositions());
        return export.resolve(HuggingFaceExport.DISCRIMINATOR);
    }

    static OnnxReport export(Path source, Path out, Quantization quantization) throws IOException {
        return OnnxExport.of(source, Optional.empty()).write(out, quantization, ReplacedSequences.none());
    }

    static OnnxReport export(Path source, Path out, Task task) throws IOException {
        return OnnxExport.of(source, Optional.of(task)).write(out, Quantization.NONE, ReplacedSequences.none());
    }
}
