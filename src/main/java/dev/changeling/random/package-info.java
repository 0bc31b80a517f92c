/** Random numbers as functions of (seed, step, rank, purpose): no state, so resume is exact by construction. */
@NullMarked
package dev.changeling.random;

import org.jspecify.annotations.NullMarked;
