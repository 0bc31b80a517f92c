/** Masking, sampling, replacement and losses: the joint objective of replaced token detection. */
@NullMarked
package dev.changeling.objective;

import org.jspecify.annotations.NullMarked;
