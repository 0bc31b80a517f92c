package dev.changeling.cli;

import dev.changeling.inference.Detector;
import dev.changeling.server.MissingService;
import dev.changeling.server.Service;
import java.util.List;

/** What a model's server offers. */
final class ServedModel {
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
                "expected": {
                  "type": "array",
                  "description": "What a generator expects there, likeliest first, if one was given.",
                  "items": {
                    "type": "object",
                    "properties": {"text": {"type": "string"}, "probability": {"type": "number"}}
                  }
                }
              },
              "required": ["text", "start", "end", "replaced"]
            }
            """.strip());

    private ServedModel() {}

    static List<Service> services(Detector detector) {
        return List.of(new Service(
                "/detect",
                "Tells for each word how likely it is that another stood there",
                DETECTION,
                detector::detect));
    }

    /** Returns what this version offers for no model. */
    static List<MissingService> missing() {
        return List.of(
                new MissingService("/embed", "this server gives no embeddings"),
                new MissingService("/predict", "this model was not fine-tuned to classify"));
    }
}
