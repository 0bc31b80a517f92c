/** The command line: one class a verb, and the only place that prints or exits. */
@NullMarked
package dev.changeling.cli;

import org.jspecify.annotations.NullMarked;
