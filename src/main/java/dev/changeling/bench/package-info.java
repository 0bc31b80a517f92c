/** How fast the parts are on this machine: training steps, matrix products, batches, tokenizers. */
@NullMarked
package dev.changeling.bench;

import org.jspecify.annotations.NullMarked;
