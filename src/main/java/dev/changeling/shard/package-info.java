/**
 * The tokenized binary format: packing, writing, checksums, memory-mapped reading. {@link dev.changeling.shard.Prepare}
 * writes a data set, {@link dev.changeling.shard.Dataset} reads one.
 */
@NullMarked
package dev.changeling.shard;

import org.jspecify.annotations.NullMarked;
