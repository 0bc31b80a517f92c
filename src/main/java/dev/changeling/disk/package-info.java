/** Files that appear whole, their hashes, and holds on folders: what all that keeps data on disk has in common. */
@NullMarked
package dev.changeling.disk;

import org.jspecify.annotations.NullMarked;
