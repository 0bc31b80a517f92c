/** The tokenized binary format: packing, writing, checksums, memory-mapped reading. */
@NullMarked
package dev.changeling.shard;

import org.jspecify.annotations.NullMarked;
