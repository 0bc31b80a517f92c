package dev.changeling.pretraining;

import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.ModelCard;
import java.util.LinkedHashMap;
import java.util.Map;

/** The model cards of a run's two networks, made of what the run has recorded and nothing else. */
final class RunCards {
    private RunCards() {}

    /** Returns them by the name of the network's folder, of those networks that are kept. */
    static Map<String, ModelCard> of(RunFacts facts) {
        Map<String, ModelCard> cards = new LinkedHashMap<>();
        if (facts.networks().contains(HuggingFaceExport.DISCRIMINATOR)) {
            cards.put(HuggingFaceExport.DISCRIMINATOR, ofDiscriminator(facts));
        }
        if (facts.networks().contains(HuggingFaceExport.GENERATOR)) {
            cards.put(HuggingFaceExport.GENERATOR, ofGenerator(facts));
        }
        return cards;
    }

    private static ModelCard ofDiscriminator(RunFacts facts) {
        return new ModelCard(
                NetworkCard.discriminatorMetadata(facts),
                NetworkCard.title("discriminator", facts.config().model().discriminator()),
                NetworkCard.discriminator(facts),
                TrainingText.of(facts),
                DataText.of(facts),
                ScoresText.of(facts),
                NetworkCard.discriminatorUsage(facts),
                OriginText.of(facts),
                LimitsText.ofDiscriminator(facts));
    }

    private static ModelCard ofGenerator(RunFacts facts) {
        return new ModelCard(
                NetworkCard.generatorMetadata(),
                NetworkCard.title("generator", facts.config().model().generator()),
                NetworkCard.generator(facts),
                TrainingText.of(facts),
                DataText.of(facts),
                ScoresText.of(facts),
                NetworkCard.generatorUsage(),
                OriginText.of(facts),
                LimitsText.ofGenerator(facts));
    }

    /** Returns that of the discriminator's encoder, exported without its head. */
    static ModelCard ofEncoder(RunFacts facts) {
        return new ModelCard(
                NetworkCard.encoderMetadata(facts),
                NetworkCard.title("encoder", facts.config().model().discriminator()),
                NetworkCard.encoder(facts),
                TrainingText.of(facts),
                DataText.of(facts),
                ScoresText.of(facts),
                NetworkCard.encoderUsage(),
                OriginText.of(facts),
                LimitsText.ofEncoder(facts));
    }
}
