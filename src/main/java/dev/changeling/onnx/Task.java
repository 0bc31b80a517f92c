package dev.changeling.onnx;

import java.util.Arrays;
import java.util.Optional;

/** What an exported graph answers, under Hugging Face's names. */
public enum Task {
    /** The encoder alone: {@code last_hidden_state}, [B, S, H]. */
    FEATURE_EXTRACTION("feature-extraction", "ElectraModel", "last_hidden_state"),
    /** The discriminator of pre-training: {@code logits}, [B, S], above 0 where a token looks replaced. */
    REPLACED_TOKEN_DETECTION("replaced-token-detection", "ElectraForPreTraining", "logits"),
    /** A class for each text: {@code logits}, [B, labels]. */
    TEXT_CLASSIFICATION("text-classification", "ElectraForSequenceClassification", "logits"),
    /** A class for each token: {@code logits}, [B, S, labels]. */
    TOKEN_CLASSIFICATION("token-classification", "ElectraForTokenClassification", "logits");

    private final String label;
    private final String architecture;
    private final String output;

    Task(String label, String architecture, String output) {
        this.label = label;
        this.architecture = architecture;
        this.output = output;
    }

    /** Returns the name on the command line, for example {@code text-classification}. */
    public String label() {
        return label;
    }

    /** Returns the Hugging Face class that does this, for example {@code ElectraModel}. */
    public String architecture() {
        return architecture;
    }

    /** Returns the name of the graph's output. */
    public String output() {
        return output;
    }

    /** Returns the task with a name. */
    public static Optional<Task> labelled(String label) {
        return Arrays.stream(values()).filter(task -> task.label.equals(label)).findFirst();
    }

    /** Returns the task that a Hugging Face class does. */
    static Optional<Task> of(String architecture) {
        return Arrays.stream(values())
                .filter(task -> task.architecture.equals(architecture))
                .findFirst();
    }
}
