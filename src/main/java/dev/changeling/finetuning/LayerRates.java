package dev.changeling.finetuning;

import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Layer-wise learning-rate decay: the nearer to the text, the more general what was learnt there, and the less it is
 * changed. The embeddings are layer 0, the encoder's layers 1 to n, the head n + 2, and a layer's rate is
 * {@code decay^(n + 2 − layer)} of the head's (google model/optimization.py, {@code _get_layer_lrs}).
 *
 * @param decay from each layer to the one below
 * @param layers n
 */
record LayerRates(double decay, int layers) implements ToDoubleFunction<String> {
    private static final Pattern LAYER = Pattern.compile("electra\\.encoder\\.layer\\.(\\d+)\\.");

    /** Returns whether a tensor is of one of the last layers. */
    static boolean isOfLast(int count, int layers, String name) {
        Matcher layer = LAYER.matcher(name);
        return layer.find() && Integer.parseInt(layer.group(1)) >= layers - count;
    }

    /** Returns what the learning rate is multiplied by for a tensor, by its full name. */
    @Override
    public double applyAsDouble(String name) {
        Matcher layer = LAYER.matcher(name);
        int depth = layers + 2;
        if (layer.find()) {
            depth = Integer.parseInt(layer.group(1)) + 1;
        } else if (name.contains("electra.embeddings")) { // the projection, too
            depth = 0;
        }
        return Math.pow(decay, layers + 2 - depth);
    }
}
