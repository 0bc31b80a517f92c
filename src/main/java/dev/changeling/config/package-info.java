/** Records for a run, and the strict loader that fills them: preset, then file, then {@code --set}. */
@NullMarked
package dev.changeling.config;

import org.jspecify.annotations.NullMarked;
