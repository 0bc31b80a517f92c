package dev.changeling.offender.corpus;

import dev.changeling.offender.cli.Accomplice;
import java.util.logging.Logger;
import org.bytedeco.javacpp.Pointer;

/** Breaks every rule of the architecture at once, to show that each rule can fail. */
@SuppressWarnings({"DefaultCharset", "SystemOut", "NonFinalStaticField"})
public final class Offender {
    static int mutable;

    private Offender() {}

    /** Does what no class outside the command line may do. */
    public static void offend(Pointer pointer, String text) {
        mutable = text.getBytes().length;
        System.out.println(pointer);
        Logger.getLogger(Accomplice.NAME).info(text);
    }
}
