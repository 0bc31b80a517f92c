/** The thin edge to libtorch: device, precision, seeding, threads, copies. */
@NullMarked
package dev.changeling.tensor;

import org.jspecify.annotations.NullMarked;
