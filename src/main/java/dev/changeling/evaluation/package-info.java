/** Held-out pre-training scores. */
@NullMarked
package dev.changeling.evaluation;

import org.jspecify.annotations.NullMarked;
