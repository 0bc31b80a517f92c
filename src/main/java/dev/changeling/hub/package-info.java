/** Hugging Face folders in and out. */
@NullMarked
package dev.changeling.hub;

import org.jspecify.annotations.NullMarked;
