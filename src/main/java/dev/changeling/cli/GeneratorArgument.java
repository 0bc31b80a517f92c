package dev.changeling.cli;

import dev.changeling.error.InputException;
import dev.changeling.error.UsageException;
import dev.changeling.inference.Detector;
import dev.changeling.inference.Suggester;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a verb is told which generator to ask. */
final class GeneratorArgument {
    private static final String BESIDE = "generator";

    @Option(
            names = "--generator",
            paramLabel = "FOLDER",
            description = "A generator's folder, to tell what would be expected in place of a suspected word. Default:"
                    + " '" + BESIDE + "' beside the discriminator's, if it is there and has the same vocabulary.")
    private @Nullable Path folder;

    @Option(names = "--no-generator", description = "Tell what is suspected, and not what would be expected.")
    private boolean none;

    /**
     * Refuses a generator that was asked for where nobody would ask it.
     *
     * @param why there is nothing to ask it
     * @throws UsageException if one was
     */
    void requireNone(String why) {
        if (folder != null) {
            throw new UsageException("--generator: " + why);
        }
    }

    /**
     * Opens the generator; null if there is none, or none is wanted.
     *
     * @param detector of the discriminator
     * @param discriminator its folder
     * @param err is told why a generator that lies beside it is left alone
     */
    @Nullable
    Suggester open(Detector detector, Path discriminator, PrintWriter err) throws IOException {
        if (none) {
            return null;
        }
        if (folder != null) {
            return Suggester.load(folder);
        }
        Path beside = discriminator.toAbsolutePath().normalize().resolveSibling(BESIDE);
        return Files.isDirectory(beside) && !Files.isSameFile(beside, discriminator)
                ? openBeside(beside, detector, err)
                : null;
    }

    private static @Nullable Suggester openBeside(Path folder, Detector detector, PrintWriter err) throws IOException {
        Suggester suggester;
        try {
            suggester = Suggester.load(folder);
        } catch (InputException e) {
            err.println("no candidates: " + e.getMessage());
            return null;
        }
        if (suggester.tokenizerFingerprint().equals(detector.tokenizerFingerprint())) {
            return suggester;
        }
        suggester.close();
        err.println("no candidates: " + folder + " has another vocabulary; --generator uses it all the same");
        return null;
    }
}
