/** Embeddings, attention, layers, encoder, generator and discriminator; parameters under their Hugging Face names. */
@NullMarked
package dev.changeling.model;

import org.jspecify.annotations.NullMarked;
