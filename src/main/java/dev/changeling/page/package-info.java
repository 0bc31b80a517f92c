/** What the program's pages for people have in common: colours, type, marked words, and what is told of one. */
@NullMarked
package dev.changeling.page;

import org.jspecify.annotations.NullMarked;
