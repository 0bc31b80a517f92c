package dev.changeling.model;

import dev.changeling.config.ModelConfig;
import dev.changeling.config.NetworkConfig;
import dev.changeling.tensor.HostCopy;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/**
 * Starting weights whose attention heads look at a neighbour by position from the first step on.
 *
 * <p>With the usual start, a small ELECTRA spends its first millions of tokens on a plateau where the generator
 * predicts unigram frequencies and the discriminator says "original" everywhere, until its heads have found their
 * neighbours. Here they have them. Only starting values differ; the model is a plain ELECTRA.
 *
 * <p>How: the last P embedding dimensions are reserved for position, in P/2 pairs. Pair k of position i holds
 * {@code (cos ω_k i, sin ω_k i)} with {@code ω_k = π ((k + ½) / (P/2))^1.2}; token and segment tables are 0 there, and
 * the projection to a network's width passes them on. A head with offset o has as its key weights α · identity on these
 * dimensions and as its query weights α · the rotation by {@code ω_k · o}, so that {@code q_i · k_j = α² Σ_k cos ω_k (i
 * + o − j)}, which peaks at the neighbour {@code j = i + o}. Heads take the offsets −1, +1, −2, +2, …
 */
final class LocalInitialization {
    /**
     * With evenly spaced frequencies (1), positions 64 apart would look alike at P = 32, and a head in a row of 128
     * would share its attention between its neighbour and a stranger. At 1.2, no two of 512 positions do: the likeness
     * of others stays under 0.46 of that of a position with itself.
     */
    private static final double SPACING = 1.2;

    /** The head width at which α is what it says; wider heads divide scores by more, and get more. */
    private static final double REFERENCE_WIDTH = 32;

    private final ModelConfig config;
    private final int reserved;
    private final double sharpness;

    LocalInitialization(ModelConfig config) {
        this.config = config;
        this.reserved = config.initialization().positionDimensions();
        this.sharpness = config.initialization().sharpness();
    }

    void apply(Map<String, Parameter.Part> parts) {
        parts.forEach((name, part) -> {
            if (name.endsWith("word_embeddings.weight") || name.endsWith("token_type_embeddings.weight")) {
                edit(part, this::clearReserved);
            } else if (name.endsWith("position_embeddings.weight")) {
                edit(part, this::writePositions);
            } else if (name.endsWith("embeddings_project.weight")) {
                edit(part, this::passReserved);
            } else if (name.endsWith("attention.self.query.weight")) {
                NetworkConfig network = networkOf(name);
                edit(part, weight -> rotateHeads(weight, network, true));
            } else if (name.endsWith("attention.self.key.weight")) {
                NetworkConfig network = networkOf(name);
                edit(part, weight -> rotateHeads(weight, network, false));
            }
        });
    }

    private NetworkConfig networkOf(String name) {
        return name.startsWith(Generator.PREFIX) ? config.generator() : config.discriminator();
    }

    /** A matrix on the host, row-major. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one edit
    private record Matrix(float[] values, int rows, int columns) {
        void set(int row, int column, double value) {
            values[row * columns + column] = (float) value;
        }
    }

    private static void edit(Parameter.Part part, java.util.function.Consumer<Matrix> change) {
        Tensor tensor = part.tensor();
        Matrix matrix = new Matrix(
                HostCopy.toFloats(tensor),
                Math.toIntExact(part.shape().get(0)),
                Math.toIntExact(part.shape().get(1)));
        change.accept(matrix);
        HostCopy.fromFloats(matrix.values(), tensor);
    }

    private double frequency(int pair) {
        return Math.PI * Math.pow((pair + 0.5) / (reserved / 2.0), SPACING);
    }

    private void clearReserved(Matrix table) {
        for (int row = 0; row < table.rows(); row++) {
            for (int d = 0; d < reserved; d++) {
                table.set(row, table.columns() - reserved + d, 0);
            }
        }
    }

    private void writePositions(Matrix table) {
        // √6 gives the reserved quarter of the dimensions as much energy as the token table has in the rest, at E =
        // 128.
        double amplitude = Math.sqrt(6) * config.initialization().standardDeviation();
        for (int position = 0; position < table.rows(); position++) {
            for (int pair = 0; pair < reserved / 2; pair++) {
                int column = table.columns() - reserved + 2 * pair;
                table.set(position, column, amplitude * Math.cos(frequency(pair) * position));
                table.set(position, column + 1, amplitude * Math.sin(frequency(pair) * position));
            }
        }
    }

    private void passReserved(Matrix projection) {
        for (int d = 0; d < reserved; d++) {
            int row = projection.rows() - reserved + d;
            for (int column = 0; column < projection.columns(); column++) {
                projection.set(row, column, 0);
            }
            projection.set(row, projection.columns() - reserved + d, 1);
        }
    }

    private void rotateHeads(Matrix weight, NetworkConfig network, boolean query) {
        int width = network.hiddenSize() / network.heads();
        double alpha = sharpness * Math.pow(width / REFERENCE_WIDTH, 0.25);
        for (int head = 0; head < network.heads(); head++) {
            int distance = head / 2 + 1;
            int offset = !query ? 0 : head % 2 == 0 ? -distance : distance;
            for (int pair = 0; pair < Math.min(reserved, width) / 2; pair++) {
                double angle = frequency(pair) * offset;
                int row = head * width + 2 * pair;
                int column = weight.columns() - reserved + 2 * pair;
                weight.set(row, column, alpha * Math.cos(angle));
                weight.set(row, column + 1, -alpha * Math.sin(angle));
                weight.set(row + 1, column, alpha * Math.sin(angle));
                weight.set(row + 1, column + 1, alpha * Math.cos(angle));
            }
        }
    }
}
