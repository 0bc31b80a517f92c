package dev.changeling.pretraining;

import dev.changeling.config.NetworkConfig;
import dev.changeling.hub.CardMetadata;
import dev.changeling.hub.MarkdownTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model card says of one of the two networks and not of the other. */
final class NetworkCard {
    private static final String LIBRARY = "transformers";
    private static final String FILL_MASK = "fill-mask";
    private static final String DETECTION = "replaced-token-detection";
    private static final List<String> TAGS = List.of("electra", DETECTION, "changeling");
    private static final double BYTES_A_WEIGHT = 4;
    private static final double MEGABYTE = 1e6;

    private NetworkCard() {}

    // The Hub has no task for a head that tells replaced tokens, and features are not what the weights answer.
    static CardMetadata discriminatorMetadata(RunFacts facts) {
        return new CardMetadata(
                Optional.of(LIBRARY), facts.detects() ? Optional.empty() : Optional.of(FILL_MASK), tags(facts));
    }

    static CardMetadata encoderMetadata(RunFacts facts) {
        return new CardMetadata(Optional.of(LIBRARY), Optional.of("feature-extraction"), tags(facts));
    }

    private static List<String> tags(RunFacts facts) {
        return facts.detects()
                ? TAGS
                : TAGS.stream().filter(tag -> !tag.equals(DETECTION)).toList();
    }

    static CardMetadata generatorMetadata() {
        return new CardMetadata(Optional.of(LIBRARY), Optional.of(FILL_MASK), TAGS);
    }

    static String title(String network, NetworkConfig shape) {
        return String.format(Locale.ROOT, "ELECTRA %s, %d × %d", network, shape.layers(), shape.hiddenSize());
    }

    static String discriminator(RunFacts facts) {
        if (!facts.detects()) {
            return origin(facts) + ", with the head that does so. It"
                    + " is what is fine-tuned for other tasks.\n\n"
                    + shape(facts, facts.config().model().discriminator(), facts.discriminatorWeights());
        }
        return origin(facts) + ", with the head that tells for every"
                + " token whether it was replaced. It is what is fine-tuned for other tasks.\n\n"
                + shape(facts, facts.config().model().discriminator(), facts.discriminatorWeights());
    }

    static String encoder(RunFacts facts) {
        String head = facts.detects()
                ? "that tells for every token whether it was replaced"
                : "that predicts the original tokens of a text";
        return origin(facts) + ", without the head " + head + ". It is what is fine-tuned for other tasks.\n\n"
                + shape(facts, facts.config().model().discriminator(), facts.encoderWeights());
    }

    private static String origin(RunFacts facts) {
        if (!facts.detects()) {
            return "An encoder that was pre-trained to predict the original tokens of a text";
        }
        return (facts.isOfPair()
                        ? "The encoder of a pair of networks that were pre-trained together by"
                        : "An encoder that was pre-trained by")
                + " [replaced token detection](https://arxiv.org/abs/2003.10555)";
    }

    static String generator(RunFacts facts) {
        return "The small masked language model of a pair of networks that were pre-trained together by"
                + " [replaced token detection](https://arxiv.org/abs/2003.10555): it fills in masked tokens. What it"
                + " wrote is what the other network, the discriminator, learned to find; the discriminator is the"
                + " encoder to fine-tune."
                + (facts.trainsGenerator() ? "" : " It was given to the run and learned nothing there.")
                + "\n\n"
                + shape(facts, facts.config().model().generator(), facts.generatorWeights());
    }

    private static String shape(RunFacts facts, NetworkConfig shape, long weights) {
        return new MarkdownTable("network", "value")
                .row("layers", "%d", shape.layers())
                .row("width", "%d, feed-forward %d", shape.hiddenSize(), shape.intermediateSize())
                .row("attention heads", "%d", shape.heads())
                .row("embeddings", "%d wide", facts.config().model().embeddingSize())
                .row("vocabulary", "%,d tokens", facts.vocabularySize())
                .row("longest text", "%d tokens", facts.config().model().maxPositions())
                .row(
                        "weights",
                        "%s, %.1f MB in 32-bit floats",
                        Amounts.count(weights),
                        weights * BYTES_A_WEIGHT / MEGABYTE)
                .toString();
    }

    static String discriminatorUsage(RunFacts facts) {
        return facts.detects() ? detectorUsage() : generatorUsage() + "\n" + encoderUsage();
    }

    private static String detectorUsage() {
        return """
                With [transformers](https://huggingface.co/docs/transformers), in this folder:

                ```python
                from transformers import AutoModel, AutoModelForPreTraining, AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained(".")
                inputs = tokenizer("your own text", return_tensors="pt")

                detector = AutoModelForPreTraining.from_pretrained(".")
                probabilities = detector(**inputs).logits.sigmoid()      # of each token, that it was replaced

                encoder = AutoModel.from_pretrained(".")
                vectors = encoder(**inputs).last_hidden_state            # one for each token
                ```

                With Changeling:

                ```
                changeling detect --model . "your own text"
                ```
                """;
    }

    static String encoderUsage() {
        return """
                With [transformers](https://huggingface.co/docs/transformers), in this folder:

                ```python
                from transformers import AutoModel, AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained(".")
                encoder = AutoModel.from_pretrained(".")
                inputs = tokenizer("your own text", return_tensors="pt")
                vectors = encoder(**inputs).last_hidden_state            # one for each token
                ```
                """;
    }

    static String generatorUsage() {
        return """
                With [transformers](https://huggingface.co/docs/transformers), in this folder:

                ```python
                from transformers import AutoModelForMaskedLM, AutoTokenizer

                tokenizer = AutoTokenizer.from_pretrained(".")
                model = AutoModelForMaskedLM.from_pretrained(".")
                inputs = tokenizer(f"your own {tokenizer.mask_token}", return_tensors="pt")
                masked = inputs.input_ids[0] == tokenizer.mask_token_id
                likeliest = model(**inputs).logits[0, masked].topk(5).indices[0]
                print(tokenizer.convert_ids_to_tokens(likeliest))
                ```
                """;
    }
}
