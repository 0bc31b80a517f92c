package dev.changeling.hub;

import dev.changeling.config.ModelConfig;
import dev.changeling.model.Pooling;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.tensor.Engine;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a fine-tuned network says of a text, and by which class of Hugging Face's. */
public enum TaskKind {
    /** One of K labels of a text, or of two. */
    CLASSIFICATION("ElectraForSequenceClassification", "single_label_classification"),
    /** Any of K labels of a text. */
    MULTI_LABEL("ElectraForSequenceClassification", "multi_label_classification"),
    /** A number. */
    REGRESSION("ElectraForSequenceClassification", "regression"),
    /** One of K labels of each word. */
    TAGGING("ElectraForTokenClassification", ""),
    /** Where in a text the answer to a question stands. */
    ANSWERS("ElectraForQuestionAnswering", ""),
    /** A vector of a text. */
    EMBEDDING("ElectraModel", "");

    private final String architecture;
    private final String problemType;

    TaskKind(String architecture, String problemType) {
        this.architecture = architecture;
        this.problemType = problemType;
    }

    /** Returns how it is called: {@code multi-label}. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the class that opens the folder. */
    String architecture() {
        return architecture;
    }

    /**
     * Returns what tells the kinds of one class apart in {@code config.json}; empty for a kind that has a class alone.
     */
    String problemType() {
        return problemType;
    }

    /** Returns the kinds by their class, one of each. */
    static Map<String, TaskKind> byArchitecture() {
        Map<String, TaskKind> kinds = new TreeMap<>();
        for (TaskKind kind : values()) {
            kinds.putIfAbsent(kind.architecture, kind);
        }
        return kinds;
    }

    /**
     * Builds a network for the task, all parameters 0.
     *
     * @param config its generator is not looked at
     * @param vocabularySize V
     * @param labels K, where there are labels
     * @param pooling of {@link #EMBEDDING}
     */
    public StandaloneModel<TaskNetwork> network(
            Engine engine, ModelConfig config, int vocabularySize, int labels, Pooling pooling) {
        return switch (this) {
            case CLASSIFICATION, MULTI_LABEL ->
                StandaloneModel.sequenceClassifier(engine, config, vocabularySize, labels);
            case REGRESSION -> StandaloneModel.sequenceClassifier(engine, config, vocabularySize, 1);
            case TAGGING -> StandaloneModel.tokenClassifier(engine, config, vocabularySize, labels);
            case ANSWERS -> StandaloneModel.answerFinder(engine, config, vocabularySize);
            case EMBEDDING -> StandaloneModel.sentenceEncoder(engine, config, vocabularySize, pooling);
        };
    }
}
