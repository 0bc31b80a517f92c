/** Numbers out: console, JSON lines, TensorBoard. */
@NullMarked
package dev.changeling.metrics;

import org.jspecify.annotations.NullMarked;
