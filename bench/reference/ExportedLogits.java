import dev.changeling.batch.Batch;
import dev.changeling.batch.Batches;
import dev.changeling.hub.HuggingFaceExport;
import dev.changeling.model.Dropout;
import dev.changeling.model.Electra;
import dev.changeling.model.PackedInput;
import dev.changeling.pretraining.TrainedRun;
import dev.changeling.safetensors.NamedArray;
import dev.changeling.safetensors.SafetensorsWriter;
import dev.changeling.tensor.Engine;
import dev.changeling.tensor.HostCopy;
import dev.changeling.tokenizer.SpecialTokens;
import dev.changeling.tokenizer.Tokenizer;
import dev.changeling.tokenizer.Tokenizers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * Writes what both networks of a run say of every token of some sentences, for check_export.py to compare with an export
 * of the run. Takes the run, the export (for its tokenizer), a text with a sentence a line, and the file to write.
 */
public final class ExportedLogits {
    public static void main(String[] arguments) throws Exception {
        Path export = Path.of(arguments[1]);
        try (TrainedRun run = TrainedRun.load(Path.of(arguments[0]));
                Tokenizer tokenizer = Tokenizers.load(export.resolve(HuggingFaceExport.DISCRIMINATOR));
                Engine.Scope scope = run.model().engine().scope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Electra model = run.model();
            SpecialTokens special = tokenizer.vocabulary().special();
            List<int[]> sequences = new ArrayList<>();
            for (String line : Files.readAllLines(Path.of(arguments[2]))) {
                int[] words = tokenizer.ids(line);
                int[] sequence = new int[words.length + 2];
                System.arraycopy(words, 0, sequence, 1, words.length);
                sequence[0] = special.classify();
                sequence[sequence.length - 1] = special.separator();
                sequences.add(sequence);
            }
            Batch batch = Batches.of(sequences, special.padding());
            PackedInput input = PackedInput.of(model.engine(), batch);
            Tensor scores_T = model.discriminator().score(input, Dropout.NONE);
            Tensor logits_TV = model.generator().predict(input, input.real_T(), Dropout.NONE);
            List<Long> shape = List.of((long) batch.rows(), (long) batch.length());
            List<NamedArray> arrays = List.of(
                    new NamedArray("tokens", NamedArray.Type.I32, shape, bytes(batch.tokens())),
                    new NamedArray("real", NamedArray.Type.I32, shape, bytes(batch.sequences())),
                    floats("discriminator", scores_T),
                    floats("generator", logits_TV));
            SafetensorsWriter.write(Path.of(arguments[3]), arrays, Map.of());
            System.out.printf(
                    "%d sentences, %d tokens, after %,d steps%n", sequences.size(), batch.realTokens(), run.step());
        }
    }

    private static NamedArray floats(String name, Tensor tensor) {
        List<Long> shape = new ArrayList<>();
        for (long dimension : tensor.shape()) {
            shape.add(dimension);
        }
        return new NamedArray(name, NamedArray.Type.F32, shape, HostCopy.bytesOf(tensor));
    }

    private static ByteBuffer bytes(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return bytes;
    }
}
