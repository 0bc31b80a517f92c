package dev.changeling.cli;

import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.hub.NetworkImport;
import dev.changeling.hub.WarmStartReport;
import dev.changeling.tensor.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code import}: brings networks from elsewhere into the form that every command here reads. */
@Command(
        name = "import",
        description = {
            "Brings an ELECTRA, a BERT or a DistilBERT from a Hugging Face folder into the form that every command here"
                    + " reads.",
            "Reads model.safetensors or pytorch_model.bin, each whole or in several files, of 16, 32 or 64 bits, or"
                    + " model.onnx. Nothing that is pickled in a .bin is run: tensors are read, anything else is refused.",
            "Tells what became of every tensor."
        },
        customSynopsis = "changeling import --from FOLDER [--from FOLDER] --out FOLDER [--seed N]",
        footer = {
            "%nExamples:",
            "  changeling import --from electra-small-discriminator --from electra-small-generator --out imported",
            "  changeling import --from bert-mini --out imported"
        })
final class ImportCommand implements Callable<Integer> {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "FOLDER",
            description = "A discriminator's or a generator's folder, that of an encoder without either's head, or one"
                    + " that holds the folders discriminator and generator. A folder of one of these names is that part,"
                    + " also where its head predicts tokens. May be given again.")
    private List<Path> from = new ArrayList<>();

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the folders discriminator and generator go, and pretrain.yaml, the configuration of a"
                    + " run that goes on from them; an earlier import there is replaced.")
    private Path out;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the weights of a head that is made anew. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        WarmStartReport report = NetworkImport.write(from, out, Engine.cpu(), seed);
        PrintWriter print = spec.commandLine().getOut();
        report.lines().forEach(print::println);
        print.println("Next: changeling pretrain --config " + ShellWord.of(out.resolve(NetworkImport.CONFIG))
                + " --init-from " + ShellWord.of(out)
                + " --data shards/ --out run/");
        if (Files.exists(out.resolve(HuggingFaceExport.DISCRIMINATOR))
                && report.entries().stream().noneMatch(ImportCommand::isNewHead)) {
            print.println("  or: changeling detect --model "
                    + ShellWord.of(out.resolve(HuggingFaceExport.DISCRIMINATOR)) + " \"your own text\"");
        }
        return ExitCode.DONE;
    }

    /** A head that was never trained detects nothing. */
    private static boolean isNewHead(WarmStartReport.Entry entry) {
        return entry.outcome() == WarmStartReport.Outcome.MADE_ANEW
                && entry.tensor().contains("discriminator_predictions.");
    }
}
