/** Named arrays in the safetensors file format. */
@NullMarked
package dev.changeling.safetensors;

import org.jspecify.annotations.NullMarked;
