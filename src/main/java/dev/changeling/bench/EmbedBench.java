package dev.changeling.bench;

import dev.changeling.batch.Sequence;
import dev.changeling.evaluation.Spread;
import dev.changeling.hub.Pretrained;
import dev.changeling.inference.SequenceEncoder;
import dev.changeling.model.Pooling;
import dev.changeling.model.TransformerEncoder;
import dev.changeling.onnx.OnnxSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * How fast an encoder makes vectors of sentences, beside ONNX Runtime that runs the same network's export: the same
 * batches of token ids in, the mean of the hidden states out, a pass of the one after a pass of the other.
 */
public final class EmbedBench implements AutoCloseable {
    private final Pretrained<TransformerEncoder> pretrained;
    private final OnnxSession onnx;
    private final SequenceEncoder encoder;

    /**
     * Starts the encoder's threads.
     *
     * @param pretrained is not closed with this
     * @param onnx the same network; is not closed with this
     */
    public EmbedBench(Pretrained<TransformerEncoder> pretrained, OnnxSession onnx, int batchSize) {
        this.pretrained = pretrained;
        this.onnx = onnx;
        this.encoder = new SequenceEncoder(pretrained, batchSize);
    }

    /**
     * What was found.
     *
     * @param sentences in a pass
     * @param tokens in a pass, padding left out
     * @param batches in a pass
     * @param padding the part of the computed positions that is padding
     * @param seconds of our passes
     * @param onnxSeconds of ONNX Runtime's, in the same order
     * @param difference the largest between two numbers of their vectors
     */
    public record Report(
            int sentences,
            long tokens,
            int batches,
            double padding,
            List<Double> seconds,
            List<Double> onnxSeconds,
            double difference) {

        /** Returns how many sentences a second there were in our passes. */
        public Spread rate() {
            return Spread.of(seconds.stream().mapToDouble(second -> sentences / second));
        }

        /** Returns how many sentences a second there were in ONNX Runtime's passes. */
        public Spread onnxRate() {
            return Spread.of(onnxSeconds.stream().mapToDouble(second -> sentences / second));
        }

        /** Returns how many times as fast as ONNX Runtime we were, pass by pass. */
        public Spread ratio() {
            return Spread.of(java.util.stream.IntStream.range(0, seconds.size())
                    .mapToDouble(pass -> onnxSeconds.get(pass) / seconds.get(pass)));
        }
    }

    /**
     * Measures.
     *
     * @param most sentences of the text, evenly spaced
     * @param passes that count, at least 1; one of each goes before them
     * @param progress hears how many passes are done
     */
    public Report run(Text text, int most, int passes, IntConsumer progress) {
        List<Sequence> sequences = Sentences.of(text, most).stream()
                .map(sentence ->
                        pretrained.sequences().of(pretrained.tokenizer().ids(sentence)))
                .toList();
        List<List<Integer>> batches = encoder.batches(sequences);
        float[][] ours = encoder.pool(sequences, Pooling.MEAN);
        float[][] theirs = poolByOnnx(sequences, batches);
        List<Double> seconds = new ArrayList<>();
        List<Double> onnxSeconds = new ArrayList<>();
        for (int pass = 0; pass < passes; pass++) {
            progress.accept(pass);
            long start = System.nanoTime();
            encoder.pool(sequences, Pooling.MEAN);
            long middle = System.nanoTime();
            poolByOnnx(sequences, batches);
            seconds.add((middle - start) / 1e9);
            onnxSeconds.add((System.nanoTime() - middle) / 1e9);
        }
        long tokens = sequences.stream().mapToLong(Sequence::length).sum();
        long computed = batches.stream()
                .mapToLong(batch -> (long) batch.size() * longest(sequences, batch))
                .sum();
        return new Report(
                sequences.size(),
                tokens,
                batches.size(),
                1 - (double) tokens / computed,
                List.copyOf(seconds),
                List.copyOf(onnxSeconds),
                difference(ours, theirs));
    }

    private float[][] poolByOnnx(List<Sequence> sequences, List<List<Integer>> batches) {
        float[][] vectors = new float[sequences.size()][];
        for (List<Integer> batch : batches) {
            int length = longest(sequences, batch);
            long[][] ids = new long[batch.size()][length];
            long[][] mask = new long[batch.size()][length];
            for (int row = 0; row < ids.length; row++) {
                int[] tokens = sequences.get(batch.get(row)).tokens();

                Arrays.setAll(ids[row], i -> i < tokens.length ? tokens[i] : pretrained.padding());
                Arrays.fill(mask[row], 0, tokens.length, 1);
            }
            float[] states = onnx.run(ids, mask, new long[batch.size()][length]).values();
            for (int row = 0; row < ids.length; row++) {
                int real = sequences.get(batch.get(row)).length();
                vectors[batch.get(row)] = mean(states, row * length, real);
            }
        }
        return vectors;
    }

    private float[] mean(float[] states, int firstToken, int tokens) {
        int width = encoder.width();
        float[] mean = new float[width];
        for (int token = firstToken; token < firstToken + tokens; token++) {
            for (int i = 0; i < width; i++) {
                mean[i] += states[token * width + i];
            }
        }
        for (int i = 0; i < width; i++) {
            mean[i] /= tokens;
        }
        return mean;
    }

    private static int longest(List<Sequence> sequences, List<Integer> batch) {
        return batch.stream()
                .mapToInt(number -> sequences.get(number).length())
                .max()
                .orElseThrow();
    }

    private static double difference(float[][] ours, float[][] theirs) {
        double most = 0;
        for (int i = 0; i < ours.length; i++) {
            for (int j = 0; j < ours[i].length; j++) {
                most = Math.max(most, Math.abs(ours[i][j] - theirs[i][j]));
            }
        }
        return most;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
