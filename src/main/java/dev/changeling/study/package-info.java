/** Studies: several configurations pre-trained with several seeds each, scored alike and laid side by side. */
@NullMarked
package dev.changeling.study;

import org.jspecify.annotations.NullMarked;
