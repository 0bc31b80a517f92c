/** What a user did wrong, said in one line. */
@NullMarked
package dev.changeling.error;

import org.jspecify.annotations.NullMarked;
