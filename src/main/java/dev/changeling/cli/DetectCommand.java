package dev.changeling.cli;

import dev.changeling.inference.Detection;
import dev.changeling.inference.Detector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code detect}: which words of a text look replaced. */
@Command(
        name = "detect",
        description = "Tells for each word of a text how likely it is that another stood there.",
        customSynopsis = "changeling detect --model FOLDER [--tokens | --json] [TEXT]...",
        footer = {
            "%nExamples:",
            "  changeling detect --model run/model/discriminator \"the cat barked at the postman\"",
            "  cat mails.txt | changeling detect --model run/model/discriminator --json > suspects.jsonl"
        })
final class DetectCommand implements Callable<Integer> {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FOLDER",
            description =
                    "A discriminator's folder: a run's model/discriminator, or any ELECTRA of Hugging Face's form.")
    private Path model;

    /** How the answer looks: as words for a person, or as one of the two. */
    static final class FormArgument {
        @Option(names = "--tokens", description = "A line for each token, with its probability.")
        private boolean tokens;

        @Option(names = "--json", description = "A JSON object for each text, with its words and tokens.")
        private boolean json;
    }

    @ArgGroup
    private FormArgument form = new FormArgument();

    @Parameters(
            paramLabel = "TEXT",
            arity = "0..*",
            description = "What to judge. Without any, each line of standard input is a text.")
    private List<String> texts = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Detector detector = Detector.load(model)) {
            if (!form.json && !form.tokens) {
                out.println(new DetectionView(Terminal.hasColour()).legend());
            }
            for (String text : texts) {
                show(detector.detect(text), out);
            }
            if (texts.isEmpty()) {
                readStandardInput(detector, out);
            }
        }
        return ExitCode.DONE;
    }

    private void readStandardInput(Detector detector, PrintWriter out) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !out.checkError(); line = lines.readLine()) {
            if (!line.isBlank()) {
                show(detector.detect(line), out);
            }
        }
    }

    private void show(Detection detection, PrintWriter out) {
        if (form.json) {
            out.println(JsonMapper.shared().writeValueAsString(detection));
        } else if (form.tokens) {
            detection
                    .tokens()
                    .forEach(token ->
                            out.println(String.format(Locale.ROOT, "%.3f  %s", token.replaced(), token.text())));
            out.println();
        } else {
            out.println(new DetectionView(Terminal.hasColour()).render(detection));
        }
        out.flush();
    }
}
