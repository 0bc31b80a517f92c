package dev.changeling.offender.cli;

import dev.changeling.offender.corpus.Offender;

/** The other half of a cycle between packages. */
public final class Accomplice {
    /** Not a constant that the compiler would copy: using it makes a dependency. */
    public static final String NAME = Offender.class.getName();

    private Accomplice() {}
}
