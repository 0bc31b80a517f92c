package dev.changeling.pretraining;

import dev.changeling.config.ModelConfig;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.ModelCard;
import java.util.Map;

/** The model cards of a run's two networks, made of what the run has recorded and nothing else. */
final class RunCards {
    private RunCards() {}

    /** Returns them by the name of the network's folder. */
    static Map<String, ModelCard> of(RunFacts facts) {
        ModelConfig model = facts.config().model();
        String training = TrainingText.of(facts);
        String data = DataText.of(facts);
        String scores = ScoresText.of(facts);
        String origin = OriginText.of(facts);
        return Map.of(
                HuggingFaceExport.DISCRIMINATOR,
                new ModelCard(
                        NetworkCard.discriminatorMetadata(),
                        NetworkCard.title("discriminator", model.discriminator()),
                        NetworkCard.discriminator(facts),
                        training,
                        data,
                        scores,
                        NetworkCard.discriminatorUsage(facts),
                        origin,
                        LimitsText.ofDiscriminator(facts)),
                HuggingFaceExport.GENERATOR,
                new ModelCard(
                        NetworkCard.generatorMetadata(),
                        NetworkCard.title("generator", model.generator()),
                        NetworkCard.generator(facts),
                        training,
                        data,
                        scores,
                        NetworkCard.generatorUsage(),
                        origin,
                        LimitsText.ofGenerator(facts)));
    }

    /** Returns that of the discriminator's encoder, exported without its head. */
    static ModelCard ofEncoder(RunFacts facts) {
        return new ModelCard(
                NetworkCard.encoderMetadata(),
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
