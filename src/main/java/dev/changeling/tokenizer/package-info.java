/** Vocabulary training, WordPiece, and any {@code tokenizer.json}. */
@NullMarked
package dev.changeling.tokenizer;

import org.jspecify.annotations.NullMarked;
