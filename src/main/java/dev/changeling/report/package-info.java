/** What became of a run: its curves, the health of the game between the two networks, and a page that shows both. */
@NullMarked
package dev.changeling.report;

import org.jspecify.annotations.NullMarked;
