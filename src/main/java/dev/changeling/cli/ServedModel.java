package dev.changeling.cli;

import dev.changeling.error.UsageException;
import dev.changeling.hub.HuggingFaceImport;
import dev.changeling.hub.TaskFolder;
import dev.changeling.hub.TaskKind;
import dev.changeling.inference.Detector;
import dev.changeling.inference.Encoder;
import dev.changeling.inference.Suggester;
import dev.changeling.server.MissingService;
import dev.changeling.server.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a model's server offers. */
final class ServedModel implements AutoCloseable {
    private static final String DETECTION = """
            {
              "type": "object",
              "properties": {
                "text": {"type": "string", "description": "The text, as it was given."},
                "tokens": {"type": "array", "items": %1$s},
                "words": {"type": "array", "items": %1$s}
              },
              "required": ["text", "tokens", "words"]
            }
            """.replace("%1$s", """
            {
              "type": "object",
              "properties": {
                "text": {"type": "string", "description": "As it stands in the text."},
                "start": {"type": "integer", "description": "Index of its first UTF-16 unit."},
                "end": {"type": "integer", "description": "Index after its last UTF-16 unit."},
                "replaced": {"type": "number", "minimum": 0, "maximum": 1, "description": "Probability that another stood there."},
                "original": {"type": "number", "description": "Probability of the word itself by the generator, where it has one."},
                "expected": {
                  "type": "array",
                  "description": "What a generator expects there, likeliest first: of suspected words, if there is one.",
                  "items": {
                    "type": "object",
                    "properties": {"text": {"type": "string"}, "probability": {"type": "number"}}
                  }
                }
              },
              "required": ["text", "start", "end", "replaced"]
            }
            """.strip());

    private static final String PREDICTION = """
            {
              "type": "object",
              "properties": {
                "text": {"type": "string", "description": "The text, as it was given."},
                "label": {"type": "string", "description": "The likeliest label, where one applies."},
                "probability": {"type": "number", "description": "Of that label."},
                "labels": {"type": "array", "items": {"type": "string"}, "description": "Those that apply, where several may."},
                "probabilities": {"description": "Of each label; of taggers, of the tag of each word."},
                "value": {"type": "number", "description": "Of a regression."},
                "words": {"type": "array", "items": {"type": "string"}, "description": "Of taggers."},
                "tags": {"type": "array", "items": {"type": "string"}, "description": "Of taggers, one a word."},
                "offsets": {
                  "type": "array",
                  "description": "Of taggers: where each word begins and ends in the text, in UTF-16 units.",
                  "items": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
                },
                "spans": {
                  "type": "array",
                  "description": "What the tags make, if they are of such a kind.",
                  "items": {
                    "type": "object",
                    "properties": {
                      "text": {"type": "string"},
                      "start": {"type": "integer"},
                      "end": {"type": "integer"},
                      "type": {"type": "string"}
                    }
                  }
                },
                "second": {"type": "string", "description": "The second text of a pair, as it was given."},
                "question": {"type": "string", "description": "As it was given."},
                "answer": {"type": "string", "description": "As it stands in the text; empty if there seems to be none."},
                "start": {"type": "integer", "description": "Where the answer begins, in UTF-16 units."},
                "end": {"type": "integer", "description": "Where it ends."},
                "score": {"type": "number", "description": "How far the answer is above there being none, in logits."}
              }
            }
            """;

    private static final String VECTOR = """
            {"type": "array", "items": {"type": "number"}, "description": "The vector of the text."}
            """;

    /** From here on, a word's candidates are asked for: where the page begins to mark. */
    private static final double NOTICEABLE = 0.25;

    /** Each costs a pass of the generator, and other requests wait meanwhile. */
    private static final int WORDS_WITH_CANDIDATES = 50;

    private static final int CANDIDATES = 5;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<MissingService> missing = new ArrayList<>();

    /**
     * Opens all that a folder's network can do.
     *
     * @param noneThreshold of a network that finds answers; null for what was not asked for
     * @param err is told what is left out
     */
    static ServedModel load(Path model, GeneratorArgument generator, @Nullable Double noneThreshold, PrintWriter err)
            throws IOException {
        ServedModel served = new ServedModel();
        boolean done = false;
        try {
            served.openDetector(model, generator, err);
            served.openPredictions(model, noneThreshold);
            served.openEncoder(model);
            done = true;
            return served;
        } finally {
            if (!done) {
                served.close();
            }
        }
    }

    private void openDetector(Path model, GeneratorArgument generator, PrintWriter err) throws IOException {
        if (!HuggingFaceImport.isDiscriminator(model)) {
            String reason = "this model has no head that tells replaced tokens";
            generator.requireNone(reason);
            missing.add(new MissingService("/detect", reason));
            return;
        }
        Detector detector = opened(Detector.load(model));
        Suggester suggester = generator.open(detector, model, err);
        if (suggester != null) {
            open.add(suggester);
        }
        DetectionAnswers answers = new DetectionAnswers(
                suggester == null ? null : new Expecting(suggester, CANDIDATES), NOTICEABLE, WORDS_WITH_CANDIDATES);
        services.add(Service.ofTexts(
                "/detect",
                "Tells for each word how likely it is that another stood there",
                DETECTION,
                texts -> detector.detect(texts).stream().map(answers::json).toList()));
    }

    private void openPredictions(Path model, @Nullable Double noneThreshold) throws IOException {
        Optional<TaskKind> kind = TaskFolder.kindIfAny(model);
        if (kind.isEmpty() || kind.get() == TaskKind.EMBEDDING) {
            if (noneThreshold != null) {
                throw new UsageException("--none-threshold: " + model + " finds no answers");
            }
            missing.add(new MissingService("/predict", "this model was not fine-tuned to say anything of a text"));
        } else {
            Predictions predictions = opened(Predictions.open(model, kind.get(), noneThreshold));
            services.add(new Service(
                    "/predict",
                    "Says of a text what the model was fine-tuned to say",
                    predictions.companion(),
                    PREDICTION,
                    predictions::of));
        }
    }

    private void openEncoder(Path model) throws IOException {
        Encoder encoder = opened(Encoder.load(model));
        services.add(Service.ofTexts(
                "/embed", "Makes a vector of a text", VECTOR, texts -> Arrays.asList(encoder.embed(texts))));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    List<Service> services() {
        return List.copyOf(services);
    }

    /** Returns what this model can't do, and why. */
    List<MissingService> missing() {
        return List.copyOf(missing);
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
