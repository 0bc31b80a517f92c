/** A trained model behind HTTP: bounded requests, joined into batches. Knows nothing of models. */
@NullMarked
package dev.changeling.server;

import org.jspecify.annotations.NullMarked;
