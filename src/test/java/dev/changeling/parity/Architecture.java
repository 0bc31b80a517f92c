package dev.changeling.parity;

import dev.changeling.batch.Batch;
import dev.changeling.config.ModelConfig;
import dev.changeling.model.Discriminator;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.Generator;
import dev.changeling.model.PackedInput;
import dev.changeling.model.ParameterStore;
import dev.changeling.model.StandaloneModel;
import dev.changeling.model.TaskNetwork;
import dev.changeling.objective.MlmLoss;
import dev.changeling.objective.Predicted;
import dev.changeling.objective.Prediction;
import dev.changeling.objective.RtdLoss;
import dev.changeling.objective.Sampler;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** The four classes of Hugging Face's transformers that have a counterpart here, under their names there. */
enum Architecture {
    /** {@link Discriminator} */
    ElectraForPreTraining {
        @Override
        Network build(Engine engine, ModelConfig config, int vocabularySize, int labels) {
            StandaloneModel<Discriminator> model = StandaloneModel.discriminator(engine, config, vocabularySize);
            return new Network(model, model.parameters(), Set.of(Discriminator.PREFIX), (input, batch, wanted) -> {
                Tensor scores_T = model.network().score(input, Dropout.NONE);
                float[] replaced = new float[batch.realTokens()];
                int[] real = realOf(batch);
                for (int i = 0; i < real.length; i++) {
                    replaced[i] = wanted[real[i]];
                }
                Tensor labels_T = HostCopy.toDevice(engine, replaced, replaced.length);
                return new Pass(scores_T, new RtdLoss(replaced.length, 0).of(scores_T, labels_T));
            });
        }
    },
    /** {@link Generator} */
    ElectraForMaskedLM {
        @Override
        Network build(Engine engine, ModelConfig config, int vocabularySize, int labels) {
            Electra model = new Electra(engine, config, vocabularySize);
            Set<String> prefixes = Set.of(Electra.SHARED, Generator.PREFIX);
            return new Network(model, model.parameters(), prefixes, (input, batch, wanted) -> {
                Tensor logits_TV = model.generator().predict(input, input.real_T(), Dropout.NONE);
                int[] masked = IntStream.range(0, wanted.length)
                        .filter(i -> wanted[i] != IGNORED)
                        .toArray();
                int[] originals = Arrays.stream(masked).map(i -> wanted[i]).toArray();
                Tensor positions_M = HostCopy.toDevice(engine, masked, masked.length);
                Tensor originals_M = HostCopy.toDevice(engine, originals, originals.length);
                // As in training, where the head computes no other positions and its gradient is not autograd's.
                Tensor uniform_M = HostCopy.toDevice(engine, new float[masked.length], masked.length);
                Tensor hidden_ME =
                        model.generator().head().represent(model.generator().encode(input, positions_M, Dropout.NONE));
                Predicted predicted =
                        new Prediction(false).of(model, hidden_ME, originals_M, uniform_M, new Sampler(1));
                return new Pass(logits_TV, new MlmLoss(masked.length, 0).of(predicted));
            });
        }
    },
    /** {@link dev.changeling.model.SequenceClassifier} */
    ElectraForSequenceClassification {
        @Override
        Network build(Engine engine, ModelConfig config, int vocabularySize, int labels) {
            return classifier(
                    engine, StandaloneModel.sequenceClassifier(engine, config, vocabularySize, labels), false);
        }
    },
    /** {@link dev.changeling.model.TokenClassifier} */
    ElectraForTokenClassification {
        @Override
        Network build(Engine engine, ModelConfig config, int vocabularySize, int labels) {
            return classifier(engine, StandaloneModel.tokenClassifier(engine, config, vocabularySize, labels), true);
        }
    };

    /** The label of what counts in no loss. */
    private static final int IGNORED = -100;

    /**
     * Logits of what is real, and the mean loss.
     *
     * @param logits one row for each real token, or for each sequence
     */
    record Pass(Tensor logits, Tensor loss) {}

    @FunctionalInterface
    interface Forward {
        Pass run(PackedInput input, Batch batch, int[] labels);
    }

    /**
     * One of our networks.
     *
     * @param prefixes of its parameters' names, which are Hugging Face's without them
     */
    record Network(AutoCloseable owner, ParameterStore parameters, Set<String> prefixes, Forward forward) {}

    /** Builds our network with all parameters 0. */
    abstract Network build(Engine engine, ModelConfig config, int vocabularySize, int labels);

    /** Returns the flat index into B·S of every real token. */
    static int[] realOf(Batch batch) {
        return IntStream.range(0, batch.tokens().length)
                .filter(i -> batch.sequences()[i] != 0)
                .toArray();
    }

    private static Network classifier(Engine engine, StandaloneModel<? extends TaskNetwork> model, boolean ofTokens) {
        TaskNetwork classifier = model.network();
        return new Network(model, model.parameters(), Set.of(Discriminator.PREFIX), (input, batch, labels) -> {
            Tensor logits = classifier.outputs(input, Dropout.NONE);
            int[] wanted =
                    ofTokens ? Arrays.stream(realOf(batch)).map(i -> labels[i]).toArray() : labels;
            Tensor target = HostCopy.toDevice(engine, wanted, wanted.length);
            return new Pass(
                    logits,
                    torch.cross_entropy_loss(
                            logits, target, new TensorOptional(), torch.Reduction.Mean.value, IGNORED, 0));
        });
    }
}
