package dev.changeling.onnx;

import dev.changeling.hub.CardMetadata;
import dev.changeling.hub.ModelCard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes a network's model card that of its graph. */
final class OnnxCard {
    private static final double MEGABYTE = 1e6;

    private OnnxCard() {}

    /**
     * @param card of the network in Hugging Face's form
     * @param report what was written
     * @param maxPositions the longest sequence, in tokens
     */
    static ModelCard of(ModelCard card, Task task, OnnxReport report, int maxPositions) {
        boolean encoder = task == Task.FEATURE_EXTRACTION;
        CardMetadata metadata = new CardMetadata(
                // transformers finds no weights here.
                Optional.empty(),
                encoder ? Optional.of(task.label()) : Optional.empty(),
                List.of("electra", "replaced-token-detection", "changeling", "onnx"));
        return card.of(metadata, card.title() + ", ONNX", network(card, encoder, report), usage(task, maxPositions));
    }

    private static String network(ModelCard card, boolean encoder, OnnxReport report) {
        String graph = String.format(
                Locale.ROOT,
                "\n\nThis folder holds it as an ONNX graph, `%s` (%.1f MB, opset %d)%s.",
                OnnxExport.MODEL,
                report.bytes() / MEGABYTE,
                OnnxExport.OPSET,
                encoder ? ": the encoder alone, without the head that tells replaced tokens" : "");
        return card.network().strip() + graph + quantization(report);
    }

    private static String quantization(OnnxReport report) {
        if (report.quantization() == Quantization.NONE) {
            return "";
        }
        String cost = report.loss()
                .map(loss -> String.format(
                        Locale.ROOT,
                        "On %,d held-out tokens (replacements: %s) the RTD loss is %.4f in place of %.4f, the AUC"
                                + " %.4f in place of %.4f.",
                        loss.before().tokens(),
                        loss.replacements(),
                        loss.after().loss(),
                        loss.before().loss(),
                        loss.after().auc(),
                        loss.before().auc()))
                .orElse("What that costs in quality was not measured.");
        return String.format(
                Locale.ROOT,
                "\n\nIts matrices are 8-bit integers (32-bit floats would take %.1f MB). %s The scores below are those of"
                        + " the network in 32-bit floats.",
                report.floatBytes() / MEGABYTE,
                cost);
    }

    private static String usage(Task task, int maxPositions) {
        String output = task == Task.FEATURE_EXTRACTION
                ? "`last_hidden_state`, float32 [batch, sequence, width]: a vector for each token"
                : "`logits`, float32 [batch, sequence]: one for each token, above 0 where it looks replaced; the"
                        + " probability is 1 / (1 + e^-logit)";
        return String.format(Locale.ROOT, """
                | | name | type and shape |
                |---|---|---|
                | input | `input_ids` | int64 [batch, sequence], at most %d tokens a sequence, `[CLS]` first and `[SEP]` last |
                | input | `attention_mask` | int64 [batch, sequence], 1 for a token, 0 for padding |
                | input | `token_type_ids` | int64 [batch, sequence], 0 for the first segment, 1 for the second |

                Output: %s.

                ```python
                import numpy
                import onnxruntime
                from tokenizers import Tokenizer

                encoding = Tokenizer.from_file("tokenizer.json").encode("your own text")
                session = onnxruntime.InferenceSession("%s")
                output = session.run(["%s"], {
                    "input_ids": numpy.array([encoding.ids]),
                    "attention_mask": numpy.array([encoding.attention_mask]),
                    "token_type_ids": numpy.array([encoding.type_ids]),
                })[0]
                ```
                """, maxPositions, output, OnnxExport.MODEL, task.output());
    }
}
