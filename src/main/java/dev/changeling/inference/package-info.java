/** The trained networks at work: detect replaced tokens, embed texts. */
@NullMarked
package dev.changeling.inference;

import org.jspecify.annotations.NullMarked;
