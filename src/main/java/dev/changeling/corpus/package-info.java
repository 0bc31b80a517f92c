/** Documents out of text, JSON lines, CSV and Parquet, plain or compressed, streamed. */
@NullMarked
package dev.changeling.corpus;

import org.jspecify.annotations.NullMarked;
