/** A pre-training run on disk: data set in, run folder out. */
@NullMarked
package dev.changeling.pretraining;

import org.jspecify.annotations.NullMarked;
