/** The step, the loop, schedules and the optimizer. */
@NullMarked
package dev.changeling.training;

import org.jspecify.annotations.NullMarked;
