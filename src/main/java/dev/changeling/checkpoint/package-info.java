/** Atomic store of training state, and exact resume. */
@NullMarked
package dev.changeling.checkpoint;

import org.jspecify.annotations.NullMarked;
