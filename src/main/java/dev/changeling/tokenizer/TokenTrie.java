package dev.changeling.tokenizer;

import java.util.Arrays;

/**
 * The tokens of a vocabulary by their code points: two tries, one for tokens that start a word and one for tokens that
 * continue it ({@code ##}), in one hash table over flat arrays. Immutable.
 */
final class TokenTrie {
    static final int WORD_START = 0;
    static final int WORD_CONTINUATION = 1;
    static final String CONTINUATION_PREFIX = "##";

    private static final int CODE_POINT_BITS = 21;
    private static final long EMPTY = -1;
    private static final int NO_NODE = -1;
    private static final int NO_TOKEN = -1;

    /** Of every edge: node above, code point. Open addressing, a power of two long. */
    private long[] edges = new long[1 << 12];

    private int[] targets = new int[1 << 12];
    private int edgeCount;
    /** Of every node: the token that ends there. */
    private int[] tokens = new int[1 << 12];

    private int nodeCount = 2;

    TokenTrie(Vocabulary vocabulary) {
        Arrays.fill(edges, EMPTY);
        Arrays.fill(tokens, NO_TOKEN);
        for (int id = 0; id < vocabulary.size(); id++) {
            String token = vocabulary.token(id);
            if (token.startsWith(CONTINUATION_PREFIX)) {
                add(WORD_CONTINUATION, token.substring(CONTINUATION_PREFIX.length()), id);
            } else {
                add(WORD_START, token, id);
            }
        }
    }

    /**
     * Finds the longest token at a place of a word.
     *
     * @param root {@link #WORD_START} or {@link #WORD_CONTINUATION}
     * @return how many code points it has in the high half and its id in the low half, or 0 if no token begins here
     */
    long longest(int root, int[] codePoints, int from, int to) {
        long longest = 0;
        int node = root;
        for (int i = from; i < to; i++) {
            node = child(node, codePoints[i]);
            if (node == NO_NODE) {
                break;
            }
            if (tokens[node] != NO_TOKEN) {
                longest = (long) (i + 1 - from) << 32 | tokens[node];
            }
        }
        return longest;
    }

    private int child(int node, int codePoint) {
        long edge = (long) node << CODE_POINT_BITS | codePoint;
        int mask = edges.length - 1;
        for (int slot = hash(edge) & mask; ; slot = (slot + 1) & mask) {
            if (edges[slot] == edge) {
                return targets[slot];
            }
            if (edges[slot] == EMPTY) {
                return NO_NODE;
            }
        }
    }

    private void add(int root, String token, int id) {
        int node = root;
        for (int i = 0; i < token.length(); i = token.offsetByCodePoints(i, 1)) {
            int codePoint = token.codePointAt(i);
            int child = child(node, codePoint);
            node = child == NO_NODE ? addChild(node, codePoint) : child;
        }
        if (node != root) {
            tokens[node] = id;
        }
    }

    private int addChild(int node, int codePoint) {
        if (nodeCount == tokens.length) {
            tokens = Arrays.copyOf(tokens, nodeCount * 2);
            Arrays.fill(tokens, nodeCount, tokens.length, NO_TOKEN);
        }
        if (edgeCount * 2 >= edges.length) {
            long[] oldEdges = edges;
            int[] oldTargets = targets;
            edges = new long[oldEdges.length * 2];
            targets = new int[edges.length];
            Arrays.fill(edges, EMPTY);
            for (int i = 0; i < oldEdges.length; i++) {
                if (oldEdges[i] != EMPTY) {
                    put(oldEdges[i], oldTargets[i]);
                }
            }
        }
        put((long) node << CODE_POINT_BITS | codePoint, nodeCount);
        edgeCount++;
        return nodeCount++;
    }

    private void put(long edge, int target) {
        int mask = edges.length - 1;
        int slot = hash(edge) & mask;
        while (edges[slot] != EMPTY) {
            slot = (slot + 1) & mask;
        }
        edges[slot] = edge;
        targets[slot] = target;
    }

    private static int hash(long edge) {
        // Fibonacci hashing: the high bits of the product are well mixed.
        return (int) ((edge * 0x9E3779B97F4A7C15L) >>> 32);
    }
}
