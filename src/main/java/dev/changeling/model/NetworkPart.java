package dev.changeling.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in which network a tensor stands, by its full name, as layer decay, optimizers and dynamics ask. An encoder
 * whose tensors have other names is made known here.
 *
 * @param network what stands before the first point: {@code shared}, {@code generator}, {@code discriminator}, or
 *     {@code generator_} and what it is for
 * @param place in the network
 * @param layer of the trunk, from 0, the nearest to the text; −1 outside of them
 */
public record NetworkPart(String network, Place place, int layer) {
    private static final Pattern NAME =
            Pattern.compile("([^.]+)\\.(?:electra\\.(embeddings|encoder\\.layer\\.(\\d+)\\.))?.*");

    /** What stands in a network from the text up. */
    public enum Place {
        /** The tables, their LayerNorm and the projection to the trunk's width. */
        EMBEDDINGS,
        /** One of the trunk's layers. */
        LAYER,
        /** What is on top of the trunk. */
        HEAD
    }

    /**
     * Reads a full name.
     *
     * @throws IllegalArgumentException if it has no network
     */
    public static NetworkPart of(String name) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no network in the name of the tensor " + name);
        }
        String network = parts.group(1);
        if (parts.group(3) != null) {
            return new NetworkPart(network, Place.LAYER, Integer.parseInt(parts.group(3)));
        }
        return new NetworkPart(network, parts.group(2) == null ? Place.HEAD : Place.EMBEDDINGS, -1);
    }

    /** Returns whether it is the generator's own, and not shared. */
    public boolean isGenerators() {
        return network.startsWith("generator");
    }

    /** Returns whether it is the discriminator's own, and not shared. */
    public boolean isDiscriminators() {
        return network.equals("discriminator");
    }

    /** Returns it in words, as in {@code discriminator.layer.0}. */
    public String label() {
        return network
                + switch (place) {
                    case EMBEDDINGS -> ".embeddings";
                    case LAYER -> ".layer." + layer;
                    case HEAD -> ".head";
                };
    }
}
