package dev.changeling.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** The option by which a verb is told which columns of a table hold texts. */
final class TextColumns {
    @Option(
            names = "--text-columns",
            paramLabel = "A[,B]",
            hideParamSyntax = true,
            split = ",",
            defaultValue = "text",
            description = "Of tables: the column of the text, or of both texts of a pair. Default: ${DEFAULT-VALUE}.")
    private List<String> names;

    List<String> names() {
        return names;
    }
}
