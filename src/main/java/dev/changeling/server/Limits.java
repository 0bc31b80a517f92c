package dev.changeling.server;

import java.time.Duration;

/**
 * How much a server takes on.
 *
 * @param bodyBytes of a request's body
 * @param texts of a request
 * @param characters of a text, in UTF-16 units
 * @param queuedTexts that may wait for the model, all requests together
 * @param batchTexts that the model is given at once
 * @param batchWait how long the first text of a batch waits for more
 * @param answer how long a request may wait for the model
 * @param reading how long a client may take over a request's body, over reading the answer, and over the whole of the
 *     time from there to the end of the next request's head
 * @param drain how long a server that ends waits for what is in flight
 * @param connections open at once; more wait to be accepted
 */
public record Limits(
        int bodyBytes,
        int texts,
        int characters,
        int queuedTexts,
        int batchTexts,
        Duration batchWait,
        Duration answer,
        Duration reading,
        Duration drain,
        int connections) {
    /** Of a request's head: its line and all its fields. */
    static final int HEAD_BYTES = 8 << 10;
}
