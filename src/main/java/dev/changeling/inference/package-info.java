/** The trained networks at work: detect replaced tokens. */
@NullMarked
package dev.changeling.inference;

import org.jspecify.annotations.NullMarked;
