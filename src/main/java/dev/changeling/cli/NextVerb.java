package dev.changeling.cli;

import dev.changeling.model.Electra;
import java.nio.file.Path;

/** What to do next with networks that were trained. */
final class NextVerb {
    private NextVerb() {}

    /**
     * Returns the line.
     *
     * @param discriminator its folder
     */
    static String of(Electra model, Path discriminator) {
        String network = ShellWord.of(discriminator);
        return model.detects()
                ? "Next: changeling detect --model " + network + " \"your own text\""
                : "Next: changeling finetune --model " + network + " --task TASK --train FILE --out FOLDER";
    }
}
