/** Where the time of training goes: events of the JDK Flight Recorder, and what is read out of a recording. */
@NullMarked
package dev.changeling.profile;

import org.jspecify.annotations.NullMarked;
