/**
 * What a step of the joint training does to the weights: gradients, updates and embeddings by part of the networks.
 * Reads flat vectors that are laid out as the parameters are; knows nothing of objectives, of the optimizer or of
 * files.
 */
@NullMarked
package dev.changeling.dynamics;

import org.jspecify.annotations.NullMarked;
