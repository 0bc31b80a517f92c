package dev.changeling.finetuning;

import dev.changeling.model.NetworkPart;
import java.util.function.ToDoubleFunction;

/**
 * Layer-wise learning-rate decay: the nearer to the text, the more general what was learnt there, and the less it is
 * changed. The embeddings are layer 0, the encoder's layers 1 to n, the head n + 2, and a layer's rate is
 * {@code decay^(n + 2 − layer)} of the head's (google model/optimization.py, {@code _get_layer_lrs}).
 *
 * @param decay from each layer to the one below
 * @param layers n
 */
record LayerRates(double decay, int layers) implements ToDoubleFunction<String> {
    /** Returns whether a tensor is of one of the last layers. */
    static boolean isOfLast(int count, int layers, String name) {
        NetworkPart part = NetworkPart.of(name);
        return part.place() == NetworkPart.Place.LAYER && part.layer() >= layers - count;
    }

    /** Returns what the learning rate is multiplied by for a tensor, by its full name. */
    @Override
    public double applyAsDouble(String name) {
        NetworkPart part = NetworkPart.of(name);
        int depth = switch (part.place()) {
            case EMBEDDINGS -> 0;
            case LAYER -> part.layer() + 1;
            case HEAD -> layers + 2;
        };
        return Math.pow(decay, layers + 2 - depth);
    }
}
