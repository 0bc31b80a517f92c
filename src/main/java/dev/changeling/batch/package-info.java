/** Which sequences make step n, as a pure function of (seed, step, rank). */
@NullMarked
package dev.changeling.batch;

import org.jspecify.annotations.NullMarked;
